package dev.millpond.ratelimit.internal.engine;

import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.spi.LimitEngine.BucketState;
import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.BucketConfiguration;
import java.math.BigInteger;
import java.time.Duration;

/**
 * The exact arithmetic of a bucket that refills evenly.
 *
 * <p>A level is whole tokens and a remainder. The remainder counts in {@code tokens × nanoseconds}: it grows by
 * {@code limit.tokens()} per nanosecond, and {@code limit.period()} in nanoseconds of it make one token. Waiting times
 * are rounded up to the precision of the bucket's clock, so that the token is there when the time is over.
 */
final class Refill {

    private Refill() {}

    /** Returns the bucket of Bucket4j for a limit. */
    static BucketConfiguration bucketOf(RateLimit limit) {
        return BucketConfiguration.builder()
                .addLimit(Bandwidth.builder()
                        .capacity(limit.capacity())
                        .refillGreedy(limit.tokens(), limit.period())
                        .build())
                .build();
    }

    /** Returns what a caller who wanted {@code cost} is told about a bucket at this level. */
    static BucketState stateOf(
            RateLimit limit, io.github.bucket4j.BucketState level, long cost, boolean admitted, Duration precision) {
        long tokens = level.getCurrentSize(0);
        long remainder = level.getRoundingError(0);
        long step = precision.toNanos();
        long toNext = tokens >= limit.capacity() ? 0 : roundUp(nanosUntil(limit, 1, remainder), step);
        long toAdmit = admitted ? 0 : roundUp(nanosToAdmit(limit, cost, tokens, remainder), step);
        return new BucketState(admitted, tokens, toNext, toAdmit);
    }

    private static long roundUp(long nanos, long step) {
        return nanos == Long.MAX_VALUE ? nanos : -Math.floorDiv(-nanos, step) * step;
    }

    /** Returns the longest time after which an untouched bucket is full. */
    static Duration timeToFill(RateLimit limit) {
        return Duration.ofNanos(nanosUntil(limit, limit.capacity(), 0));
    }

    private static long nanosToAdmit(RateLimit limit, long cost, long tokens, long remainder) {
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
