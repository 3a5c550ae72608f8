package dev.millpond.ratelimit;

import java.time.Duration;
import java.util.Objects;

/**
 * So many tokens per period, and a burst on top: how these are handed out is the limit's {@link Shape}.
 *
 * <p>By default it is a token bucket: it holds up to {@code tokens + burst}, starts full, and refills {@code tokens}
 * evenly per period. At most {@code tokens + burst} requests of cost 1 pass at one instant, exactly {@code tokens} per
 * period in the long run, and a client that paces itself at that rate is never denied.
 *
 * <p>Immutable. An empty bucket must be full again within 100 years, and no more than one token may come per
 * nanosecond; all times can then be counted in nanoseconds without rounding.
 *
 * @param tokens tokens refilled per period; at least 1
 * @param period the period; at least one millisecond
 * @param burst tokens beyond {@code tokens}; zero or more
 * @param shape how the tokens are handed out
 * @see <a href="https://en.wikipedia.org/wiki/Token_bucket">Token bucket</a>
 */
public record RateLimit(long tokens, Duration period, long burst, Shape shape) {

    /** How a limit of L tokens per period P and a burst of B hands out its tokens. */
    public enum Shape {

        /**
         * A bucket of L + B tokens that refills evenly, L per P; up to L + B at once, and 2 L + B - 1 in one period.
         */
        BUCKET,

        /**
         * A bucket of B + 1 tokens that refills evenly, L per P: never more than L + B in any period, but no more than
         * B + 1 at once.
         */
        SMOOTH,

        /**
         * L + B tokens for each window of length P, which begins with the first request after the last one ended; up to
         * twice as many where one window ends and the next begins.
         */
        WINDOW,

        /** Like {@link #WINDOW}, but windows follow each other without a gap since 1970-01-01T00:00:00Z. */
        ALIGNED_WINDOW;

        /** Tells whether tokens come one by one; else all come at once, when a window ends. */
        public boolean refillsEvenly() {
            return this == BUCKET || this == SMOOTH;
        }
    }

    private static final Duration SHORTEST_PERIOD = Duration.ofMillis(1);
    private static final Duration LONGEST_REFILL = Duration.ofDays(36_525);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a value is out of its range, or the refill is too fast or too slow
     * @throws NullPointerException if the period or the shape is null
     */
    public RateLimit {
        Objects.requireNonNull(period, "Rate limit period is null. Give a period such as Duration.ofMinutes(1).");
        Objects.requireNonNull(shape, "Rate limit shape is null. Use Shape.BUCKET for a plain token bucket.");
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
        double nanosPerToken = nanos(period) / (shape.refillsEvenly() ? tokens : (double) tokens + burst);
        if (nanosPerToken < 1) {
            throw new IllegalArgumentException("Rate limit of " + tokens + " tokens per " + period + burst(shape, burst)
                    + " refills more than one token per nanosecond. Give fewer tokens or a longer period.");
        }
        double held = shape == Shape.SMOOTH ? Math.max((double) tokens, burst + 1.0) : (double) tokens + burst;
        if (nanosPerToken * held > LONGEST_REFILL.toNanos()) {
            throw new IllegalArgumentException(
                    "Rate limit of " + tokens + " tokens per " + period + " with burst " + burst
                            + " takes more than 100 years to refill. Give more tokens, a shorter period or less burst.");
        }
    }

    private static double nanos(Duration period) {
        return period.getSeconds() * 1e9 + period.getNano();
    }

    /** Only a window gets its burst anew in each period. */
    private static String burst(Shape shape, long burst) {
        return shape.refillsEvenly() ? "" : " with burst " + burst;
    }

    /**
     * Creates a token bucket.
     *
     * @throws IllegalArgumentException if a value is out of its range, or the refill is too fast or too slow
     * @throws NullPointerException if the period is null
     */
    public RateLimit(long tokens, Duration period, long burst) {
        this(tokens, period, burst, Shape.BUCKET);
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
     * Returns this limit with another burst.
     *
     * @param extraTokens zero or more, in place of the burst so far
     * @throws IllegalArgumentException if it is negative, or an empty bucket would take more than 100 years to refill
     */
    public RateLimit withBurst(long extraTokens) {
        return new RateLimit(tokens, period, extraTokens, shape);
    }

    /**
     * Returns this limit as a {@linkplain Shape#SMOOTH smooth} one; with a burst of 0, one token comes after the other.
     */
    public RateLimit smooth() {
        return withShape(Shape.SMOOTH);
    }

    /**
     * Returns this limit in {@linkplain Shape#WINDOW windows} that begin with a request.
     *
     * @throws IllegalArgumentException if that is more than one token per nanosecond
     */
    public RateLimit inWindows() {
        return withShape(Shape.WINDOW);
    }

    /**
     * Returns this limit in {@linkplain Shape#ALIGNED_WINDOW windows} that the clock begins, for example days of UTC.
     *
     * @throws IllegalArgumentException if that is more than one token per nanosecond
     */
    public RateLimit inAlignedWindows() {
        return withShape(Shape.ALIGNED_WINDOW);
    }

    /**
     * Returns this limit in another shape.
     *
     * @throws IllegalArgumentException if the refill would be too fast or too slow
     */
    public RateLimit withShape(Shape other) {
        return new RateLimit(tokens, period, burst, other);
    }

    /** Returns the most that can be taken at once: what a full bucket holds, or what a window has. */
    public long capacity() {
        return shape == Shape.SMOOTH ? burst + 1 : tokens + burst;
    }
}
