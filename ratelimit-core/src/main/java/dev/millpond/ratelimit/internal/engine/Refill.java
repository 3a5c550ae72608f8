package dev.millpond.ratelimit.internal.engine;

import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.spi.LimitEngine.BucketState;
import dev.millpond.ratelimit.spi.LimitEngine.Level;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;

/**
 * The exact arithmetic of what a bucket holds, and when it will hold more.
 *
 * <p>A window is full again when it ends. Of a bucket that refills evenly, a level is whole tokens and a remainder. The
 * remainder counts in {@code tokens × nanoseconds}: it grows by {@code limit.tokens()} per nanosecond, and
 * {@code limit.period()} in nanoseconds of it make one token. Waiting times are rounded up to the precision of the
 * bucket's clock, so that the token is there when the time is over.
 */
final class Refill {

    private Refill() {}

    /**
     * Returns what a caller who wanted {@code cost} is told about a bucket at this level.
     *
     * @param now when the bucket was refilled, in nanoseconds of its clock
     */
    static BucketState stateOf(
            List<RateLimit> limits,
            io.github.bucket4j.BucketState level,
            long cost,
            boolean admitted,
            long now,
            Duration precision) {
        Level[] levels = new Level[limits.size()];
        long toAdmit = 0;
        for (int i = 0; i < limits.size(); i++) {
            RateLimit limit = limits.get(i);
            long tokens = level.getCurrentSize(i);
            long toNext = tokens >= limit.capacity() ? 0 : nanosUntil(limit, 1, level, i, now);
            levels[i] = new Level(tokens, roundUp(toNext, precision));
            if (!admitted && cost > tokens) {
                toAdmit = Math.max(
                        toAdmit,
                        cost > limit.capacity() ? Long.MAX_VALUE : nanosUntil(limit, cost - tokens, level, i, now));
            }
        }
        return new BucketState(admitted, List.of(levels), roundUp(toAdmit, precision));
    }

    private static long nanosUntil(
            RateLimit limit, long missing, io.github.bucket4j.BucketState level, int index, long now) {
        return limit.shape().refillsEvenly()
                ? nanosUntil(limit, missing, level.getRoundingError(index))
                : RefillTimes.of(level).get(index) + limit.period().toNanos() - now;
    }

    static long roundDown(long nanos, Duration precision) {
        return nanos - Math.floorMod(nanos, precision.toNanos());
    }

    private static long roundUp(long nanos, Duration precision) {
        return nanos == Long.MAX_VALUE ? nanos : -roundDown(-nanos, precision);
    }

    /** Returns the longest time after which an untouched limit is full. */
    static Duration timeToFill(RateLimit limit) {
        return limit.shape().refillsEvenly()
                ? Duration.ofNanos(nanosUntil(limit, limit.capacity(), 0))
                : limit.period();
    }

    /** Returns the tokens that come per period: of a window, all that it has. */
    static long tokensPerPeriod(RateLimit limit) {
        return limit.shape().refillsEvenly() ? limit.tokens() : limit.capacity();
    }

    /**
     * Returns the time until {@code missing} more tokens are there: {@code ⌈(missing × period − remainder) ÷ tokens⌉}.
     */
    static long nanosUntil(RateLimit limit, long missing, long remainder) {
        long period = limit.period().toNanos();
        if (Math.multiplyHigh(missing, period) != 0 || missing * period < 0) {
            return nanosUntil(BigInteger.valueOf(missing), limit, remainder);
        }
        return -Math.floorDiv(remainder - missing * period, limit.tokens());
    }

    private static long nanosUntil(BigInteger missing, RateLimit limit, long remainder) {
        BigInteger tokens = BigInteger.valueOf(limit.tokens());
        return missing.multiply(BigInteger.valueOf(limit.period().toNanos()))
                .subtract(BigInteger.valueOf(remainder))
                .add(tokens)
                .subtract(BigInteger.ONE)
                .divide(tokens)
                .longValueExact();
    }
}
