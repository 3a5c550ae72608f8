package dev.millpond.benchmarks.load;

import java.time.Duration;
import java.util.List;

/**
 * A tier of the example and the one client that loads it.
 *
 * @param name the name of the tier
 * @param key the client's API key
 * @param perMinute tokens that its bucket gets per minute
 * @param burst tokens that it holds beyond
 */
record LoadedTier(String name, String key, long perMinute, long burst) {

    /** The tiers of the example's configuration. */
    static final List<LoadedTier> ALL = List.of(
            new LoadedTier("free", "demo-free", 10, 2),
            new LoadedTier("standard", "demo-standard", 100, 20),
            new LoadedTier("pro", "demo-pro", 1_000, 100),
            new LoadedTier("enterprise", "demo-enterprise", 10_000, 1_000));

    /** How much more is asked than a tier admits: enough to empty its bucket well before the end. */
    private static final double OVERLOAD = 1.5;

    /** Returns the most requests that may be admitted within a time, the bucket being full at its beginning. */
    long most(Duration time) {
        return perMinute
                + burst
                + Math.floorDiv(
                        time.toMillis() * perMinute, Duration.ofMinutes(1).toMillis());
    }

    /** Returns the pause between two requests, so that over a time more is asked than can be admitted. */
    Duration pauseThatOverloads(Duration time) {
        return Duration.ofNanos((long) (time.toNanos() / (most(time) * OVERLOAD)));
    }
}
