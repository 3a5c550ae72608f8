package dev.millpond.benchmarks.load;

import java.time.Duration;

/**
 * What became of the requests of one tier.
 *
 * @param tier the tier
 * @param admitted requests that passed
 * @param denied requests that were answered 429
 * @param failed requests with any other answer, or none
 * @param shortest time that surely lay between the first and the last decision
 * @param longest time that at most lay between them
 */
record TierOutcome(LoadedTier tier, long admitted, long denied, long failed, Duration shortest, Duration longest) {

    private static final double SATURATED = 0.99;

    /** Returns the requests that were made. */
    long requests() {
        return admitted + denied + failed;
    }

    /** Returns the most that the tier may admit. */
    long most() {
        return tier.most(longest);
    }

    /** Returns what was admitted of what the tier should have admitted under so much load. */
    double share() {
        return (double) admitted / tier.most(shortest);
    }

    /** Tells whether nobody got too much or too little. */
    boolean exact() {
        return failed == 0 && admitted <= most() && share() >= SATURATED;
    }
}
