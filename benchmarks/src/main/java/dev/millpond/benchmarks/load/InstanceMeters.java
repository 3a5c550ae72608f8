package dev.millpond.benchmarks.load;

import java.io.IOException;

/**
 * What one instance says of its decisions.
 *
 * @param decisions how many it made
 * @param calls how many calls to Redis that took
 * @param bursts how many it admitted out of the burst
 * @param degraded how many it made without Redis
 */
record InstanceMeters(long decisions, long calls, long bursts, long degraded) {

    static InstanceMeters of(ExampleInstance instance) throws IOException, InterruptedException {
        return new InstanceMeters(
                count(instance, ExampleInstance.DECISIONS),
                count(instance, "millpond.ratelimit.redis.calls"),
                count(instance, ExampleInstance.DECISIONS, "outcome:allowed_burst"),
                Math.round(instance.decisionsWithoutRedis()));
    }

    /** Returns what came after an earlier look. */
    InstanceMeters since(InstanceMeters earlier) {
        return new InstanceMeters(
                decisions - earlier.decisions,
                calls - earlier.calls,
                bursts - earlier.bursts,
                degraded - earlier.degraded);
    }

    private static long count(ExampleInstance instance, String meter, String... tags)
            throws IOException, InterruptedException {
        return Math.round(instance.meter(meter, "COUNT", tags));
    }
}
