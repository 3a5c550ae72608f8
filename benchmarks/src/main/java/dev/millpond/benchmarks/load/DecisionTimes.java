package dev.millpond.benchmarks.load;

import java.io.IOException;

/**
 * How long decisions of one instance took lately, of the largest tier and admitted out of its burst.
 *
 * @param medianMicros the median
 * @param slowMicros what 99 of 100 of them did not exceed
 */
record DecisionTimes(double medianMicros, double slowMicros) {

    private static final String PERCENTILE = "millpond.ratelimit.decision.duration.percentile";
    private static final double MICROS = 1e6;

    /**
     * Asks an instance that has made some.
     *
     * @throws IOException if it has not
     */
    static DecisionTimes of(ExampleInstance instance) throws IOException, InterruptedException {
        return new DecisionTimes(micros(instance, "phi:0.5"), micros(instance, "phi:0.99"));
    }

    /** Each tier and outcome has percentiles of its own. */
    private static double micros(ExampleInstance instance, String which) throws IOException, InterruptedException {
        return MICROS * instance.gauge(PERCENTILE, "tier:enterprise", "outcome:allowed_burst", which);
    }
}
