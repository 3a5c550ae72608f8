package dev.millpond.ratelimit;

import java.time.Duration;
import java.util.Objects;

/**
 * How many requests of one client may be under way at the same time; immutable.
 *
 * @param most requests in flight at most; at least 1
 * @param timeout after which a request no longer counts that was not {@linkplain Permit#release() released}, for
 *     example because its node crashed; 1 s to 1 day
 */
public record InFlightLimit(int most, Duration timeout) {

    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration SHORTEST_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration LONGEST_TIMEOUT = Duration.ofDays(1);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a value is out of its range
     * @throws NullPointerException if the timeout is null
     */
    public InFlightLimit {
        Objects.requireNonNull(timeout, "In-flight limit timeout is null. Use a time such as Duration.ofSeconds(60).");
        if (most < 1) {
            throw new IllegalArgumentException("In-flight limit is " + most
                    + ", must be at least 1. Give the requests that may be under way at the same time.");
        }
        if (timeout.compareTo(SHORTEST_TIMEOUT) < 0 || timeout.compareTo(LONGEST_TIMEOUT) > 0) {
            throw new IllegalArgumentException("In-flight limit timeout is " + timeout
                    + ", must be 1 s to 1 day. Use a time that no request takes, such as Duration.ofSeconds(60).");
        }
    }

    /**
     * Returns a limit with a timeout of 60 s.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public static InFlightLimit of(int most) {
        return new InFlightLimit(most, DEFAULT_TIMEOUT);
    }
}
