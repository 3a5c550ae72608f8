package dev.millpond.benchmarks.scaling;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.benchmarks.measure.Bench;
import dev.millpond.benchmarks.measure.Comparison;
import dev.millpond.benchmarks.measure.Metric;
import dev.millpond.benchmarks.measure.RedisProbe;
import dev.millpond.benchmarks.measure.RedisProbe.Work;
import dev.millpond.benchmarks.measure.Sample;
import dev.millpond.benchmarks.measure.Sampler;
import dev.millpond.benchmarks.peers.Machine;
import java.util.ArrayList;
import java.util.List;

/**
 * What it costs to invalidate a tag that many entries carry, with all of them in Redis; the median of several fills in
 * one process, of which the first does not count, and of as many invalidations after each as are alike.
 *
 * @param dependants how many entries
 * @param opener how they are kept
 */
record TagInvalidation(int dependants, Dependants.Opener opener) implements Sampler {

    private static final int FILLS = 3;

    @Override
    public Sample sample(String peer, Bench bench) throws Exception {
        EmptyRedis.of(bench.redis());
        List<Sample> samples = new ArrayList<>();
        try (Machine machine = new Machine(bench.redis().url())) {
            Dependants entries = opener.open(machine);
            RedisProbe redis = new RedisProbe(bench.redis().url());
            invalidations(entries, redis);
            for (int i = 0; i < (Comparison.smoke() ? 1 : FILLS); i++) {
                samples.addAll(invalidations(entries, redis));
            }
        } finally {
            EmptyRedis.of(bench.redis());
        }
        return Sample.medians(samples);
    }

    private List<Sample> invalidations(Dependants entries, RedisProbe redis) throws Exception {
        entries.fill(dependants);
        requireHeld(entries, true);
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < entries.alike(); i++) {
            samples.add(invalidation(entries, redis));
        }
        requireHeld(entries, false);
        return samples;
    }

    private static Sample invalidation(Dependants entries, RedisProbe redis) throws Exception {
        Work before = redis.work(entries.commands());
        double looking = redis.cpuNanos();
        double cpuBefore = redis.cpuNanos();
        long begunAt = Ticker.systemTicker().read();
        entries.invalidate();
        long nanos = Ticker.systemTicker().read() - begunAt;
        double cpu = redis.cpuNanos() - cpuBefore - (cpuBefore - looking); // without what it takes to look
        Work work = redis.work(entries.commands()).since(before);
        if (work.calls() == 0) {
            throw new IllegalStateException("Redis counted no call of " + entries.commands()
                    + " during an invalidation. Does it send other commands now?");
        }
        return Sample.of(Metric.SERVER_TIME, work.nanos())
                .with(Metric.COMMANDS, (double) work.calls())
                .with(Metric.REDIS_CPU, cpu)
                .with(Metric.TIME, (double) nanos);
    }

    private void requireHeld(Dependants entries, boolean all) throws Exception {
        long held = entries.held(dependants);
        if (held != (all ? 100 : 0)) {
            throw new IllegalStateException("Of 100 entries " + held + " are served, must be "
                    + (all ? "all before" : "none after") + " their tag is invalidated.");
        }
    }
}
