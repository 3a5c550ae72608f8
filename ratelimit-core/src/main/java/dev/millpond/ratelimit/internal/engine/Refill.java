package dev.millpond.ratelimit.internal.engine;

import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.spi.LimitEngine.BucketState;
import dev.millpond.ratelimit.spi.LimitEngine.Level;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The exact arithmetic of a bucket that refills evenly.
 *
 * <p>A level is whole tokens and a remainder. The remainder counts in {@code tokens × nanoseconds}: it grows by
 * {@code limit.tokens()} per nanosecond, and {@code limit.period()} in nanoseconds of it make one token. Waiting times
 * are rounded up to the precision of the bucket's clock, so that the token is there when the time is over.
 */
final class Refill {

    private Refill() {}

    /** Returns what a caller who wanted {@code cost} is told about a bucket at this level. */
    static BucketState stateOf(
            List<RateLimit> limits,
            io.github.bucket4j.BucketState level,
            long cost,
            boolean admitted,
            Duration precision) {
        List<Level> levels = new ArrayList<>(limits.size());
        long toAdmit = 0;
        for (int i = 0; i < limits.size(); i++) {
            RateLimit limit = limits.get(i);
            long tokens = level.getCurrentSize(i);
            long remainder = level.getRoundingError(i);
            long toNext = tokens >= limit.capacity() ? 0 : roundUp(nanosUntil(limit, 1, remainder), precision);
            levels.add(new Level(tokens, toNext));
            toAdmit = Math.max(toAdmit, admitted ? 0 : nanosToAdmit(limit, cost, tokens, remainder));
        }
        return new BucketState(admitted, levels, roundUp(toAdmit, precision));
    }

    static long roundDown(long nanos, Duration precision) {
        return nanos - Math.floorMod(nanos, precision.toNanos());
    }

    private static long roundUp(long nanos, Duration precision) {
        return nanos == Long.MAX_VALUE ? nanos : -roundDown(-nanos, precision);
    }

    /** Returns the longest time after which an untouched limit is full. */
    static Duration timeToFill(RateLimit limit) {
        return Duration.ofNanos(nanosUntil(limit, limit.capacity(), 0));
    }

    private static long nanosToAdmit(RateLimit limit, long cost, long tokens, long remainder) {
        if (cost <= tokens) {
            return 0;
        }
        return cost > limit.capacity() ? Long.MAX_VALUE : nanosUntil(limit, cost - tokens, remainder);
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
