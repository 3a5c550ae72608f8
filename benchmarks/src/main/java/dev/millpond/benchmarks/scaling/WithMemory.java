package dev.millpond.benchmarks.scaling;

import dev.millpond.benchmarks.measure.Bench;
import dev.millpond.benchmarks.measure.Metric;
import dev.millpond.benchmarks.measure.Sample;
import dev.millpond.benchmarks.measure.Sampler;

/**
 * A measurement, and how much memory of Redis an entry takes that it has left there.
 *
 * @param measurement of reads
 */
record WithMemory(Sampler measurement) implements Sampler {

    @Override
    public Sample sample(String peer, Bench bench) throws Exception {
        Sample sample = measurement.sample(peer, bench);
        Object bytes = bench.redis().command("MEMORY", "USAGE", CopiedEntries.first());
        return sample.with(Metric.MEMORY, Double.parseDouble(String.valueOf(bytes)));
    }
}
