package dev.millpond.benchmarks.scaling;

import dev.millpond.benchmarks.measure.Metric;
import dev.millpond.benchmarks.measure.RedisProbe;
import dev.millpond.benchmarks.measure.Sample;
import java.io.IOException;

/**
 * What Redis has had to do so far.
 *
 * @param calls of clients and scripts
 * @param in bytes that it got
 * @param out bytes that it sent
 * @param cpu nanoseconds of processor time
 */
record Traffic(double calls, double in, double out, double cpu) {

    /** Asks Redis, which is some traffic itself. */
    static Traffic of(RedisProbe redis) throws IOException {
        return new Traffic(
                redis.calls(),
                redis.number("stats", "total_net_input_bytes"),
                redis.number("stats", "total_net_output_bytes"),
                redis.cpuNanos());
    }

    /**
     * Does something between two looks; returns what that took, without what the looks themselves took.
     *
     * @param share which part of all calls clients make
     * @param times by how much to divide
     */
    static Sample during(RedisProbe redis, double share, double times, Work work) throws Exception {
        Traffic looking = of(redis);
        Traffic before = of(redis);
        work.run();
        Traffic taken = of(redis).minus(before).minus(before.minus(looking));
        return Sample.of(Metric.COMMANDS, taken.calls * share / times)
                .with(Metric.SENT, taken.in / times)
                .with(Metric.RECEIVED, taken.out / times)
                .with(Metric.REDIS_CPU, taken.cpu / times);
    }

    private Traffic minus(Traffic other) {
        return new Traffic(calls - other.calls, in - other.in, out - other.out, cpu - other.cpu);
    }

    /** What is measured. */
    interface Work {

        void run() throws Exception;
    }
}
