package dev.millpond.benchmarks.load;

import java.io.IOException;

/**
 * What one instance says of its decisions.
 *
 * @param decisions how many it made
 * @param bursts how many it admitted out of the burst
 * @param degraded how many it made without Redis
 * @param medianMicros the median time of a decision lately
 * @param slowMicros the time that 99 of 100 decisions did not exceed lately
 */
record InstanceMeters(long decisions, long bursts, long degraded, double medianMicros, double slowMicros) {

    private static final String DECISIONS = "millpond.ratelimit.decisions";
    private static final String PERCENTILE = "millpond.ratelimit.decision.duration.percentile";
    private static final double MICROS = 1e6;

    static InstanceMeters of(ExampleInstance instance) throws IOException, InterruptedException {
        return new InstanceMeters(
                count(instance),
                count(instance, "outcome:allowed_burst"),
                count(instance, "outcome:allowed_degraded") + count(instance, "outcome:denied_degraded"),
                MICROS * instance.meter(PERCENTILE, "VALUE", "phi:0.5"),
                MICROS * instance.meter(PERCENTILE, "VALUE", "phi:0.99"));
    }

    /** Returns what came after an earlier look; times are the later ones. */
    InstanceMeters since(InstanceMeters earlier) {
        return new InstanceMeters(
                decisions - earlier.decisions,
                bursts - earlier.bursts,
                degraded - earlier.degraded,
                medianMicros,
                slowMicros);
    }

    private static long count(ExampleInstance instance, String... tags) throws IOException, InterruptedException {
        return Math.round(instance.meter(DECISIONS, "COUNT", tags));
    }
}
