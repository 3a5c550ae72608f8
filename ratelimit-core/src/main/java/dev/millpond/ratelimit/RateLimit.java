package dev.millpond.ratelimit;

import java.time.Duration;
import java.util.Objects;

/**
 * A token bucket: it holds up to {@code tokens + burst}, starts full, and refills {@code tokens} evenly per period.
 *
 * <p>At most {@code tokens + burst} requests of cost 1 pass at one instant, exactly {@code tokens} per period in the
 * long run, and a client that paces itself at that rate is never denied.
 *
 * <p>Immutable. An empty bucket must be full again within 100 years, and no more than one token may come per
 * nanosecond; all times can then be counted in nanoseconds without rounding.
 *
 * @param tokens tokens refilled per period; at least 1
 * @param period the period; at least one millisecond
 * @param burst tokens that the bucket holds beyond {@code tokens}; zero or more
 * @see <a href="https://en.wikipedia.org/wiki/Token_bucket">Token bucket</a>
 */
public record RateLimit(long tokens, Duration period, long burst) {

    private static final Duration SHORTEST_PERIOD = Duration.ofMillis(1);
    private static final Duration LONGEST_REFILL = Duration.ofDays(36_525);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a value is out of its range, or the refill is too fast or too slow
     * @throws NullPointerException if the period is null
     */
    public RateLimit {
        Objects.requireNonNull(period, "Rate limit period is null. Give a period such as Duration.ofMinutes(1).");
        if (tokens < 1) {
            throw new IllegalArgumentException(
                    "Rate limit tokens is " + tokens + ", must be at least 1. Give the tokens refilled per period.");
        }
        if (period.compareTo(SHORTEST_PERIOD) < 0) {
            throw new IllegalArgumentException("Rate limit period is " + period
                    + ", must be at least 1 ms. Give a period such as Duration.ofMinutes(1).");
        }
        if (burst < 0) {
            throw new IllegalArgumentException(
                    "Rate limit burst is " + burst + ", must be 0 or more. Use 0 for a limit without a burst.");
        }
        double nanosPerToken = (period.getSeconds() * 1e9 + period.getNano()) / tokens;
        if (nanosPerToken < 1) {
            throw new IllegalArgumentException("Rate limit of " + tokens + " tokens per " + period
                    + " refills more than one token per nanosecond. Give fewer tokens or a longer period.");
        }
        if (nanosPerToken * ((double) tokens + burst) > LONGEST_REFILL.toNanos()) {
            throw new IllegalArgumentException(
                    "Rate limit of " + tokens + " tokens per " + period + " with burst " + burst
                            + " takes more than 100 years to refill. Give more tokens, a shorter period or less burst.");
        }
    }

    /**
     * Returns a limit per second, without a burst.
     *
     * @throws IllegalArgumentException if tokens is less than 1 or more than one per nanosecond
     */
    public static RateLimit perSecond(long tokens) {
        return of(tokens, Duration.ofSeconds(1));
    }

    /**
     * Returns a limit per minute, without a burst.
     *
     * @throws IllegalArgumentException if tokens is less than 1 or more than one per nanosecond
     */
    public static RateLimit perMinute(long tokens) {
        return of(tokens, Duration.ofMinutes(1));
    }

    /**
     * Returns a limit per period, without a burst.
     *
     * @throws IllegalArgumentException if a value is out of its range, or the refill is too fast or too slow
     */
    public static RateLimit of(long tokens, Duration period) {
        return new RateLimit(tokens, period, 0);
    }

    /**
     * Returns this limit with a bucket that holds so many tokens more than it refills per period.
     *
     * @param extraTokens zero or more, in place of the burst so far
     * @throws IllegalArgumentException if it is negative, or an empty bucket would take more than 100 years to refill
     */
    public RateLimit withBurst(long extraTokens) {
        return new RateLimit(tokens, period, extraTokens);
    }

    /** Returns what a full bucket holds. */
    public long capacity() {
        return tokens + burst;
    }
}
