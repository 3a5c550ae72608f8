package dev.millpond.ratelimit.internal.engine;

import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.spi.LimitEngine.BucketState;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a node knows about a bucket that denied a request.
 *
 * <p>Redis decided at a moment between the question and the answer. Counted from the question, the bucket refills too
 * early here, and what it does not hold then, it does not hold in Redis. Counted from the answer it refills too late,
 * and whoever is told to wait that long does not come too early.
 *
 * @param level what the bucket held, at {@code at} nanoseconds of its own clock
 * @param askedAt when the question was sent, in elapsed nanoseconds of this node
 * @param answeredAt when the answer was there, in elapsed nanoseconds of this node
 * @param useful how long this can deny the request that was denied
 */
record DeniedBucket(
        List<RateLimit> limits,
        io.github.bucket4j.BucketState level,
        long at,
        long askedAt,
        long answeredAt,
        Duration useful) {

    private static final Duration PRECISION = RedisLimitEngine.CLOCK_PRECISION;

    /** Returns the denial of a cost that the bucket cannot have; null if it may have it, or other limits are meant. */
    @Nullable
    BucketState denial(List<RateLimit> wanted, long cost, long now) {
        if (!limits.equals(wanted) || cost <= refilled(now - askedAt).getAvailableTokens()) {
            return null;
        }
        return Refill.stateOf(limits, refilled(now - answeredAt), cost, false, PRECISION);
    }

    private io.github.bucket4j.BucketState refilled(long elapsed) {
        io.github.bucket4j.BucketState copy = level.copy();
        copy.refillAllBandwidth(Refill.roundDown(at + elapsed, PRECISION));
        return copy;
    }
}
