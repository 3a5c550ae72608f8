package dev.millpond.ratelimit.internal.engine;

import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.spi.LimitEngine.BucketState;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a node knows about a bucket that denied a request, or that was asked together with one that did.
 *
 * <p>Redis decided at a moment between the question and the answer. Counted from the question, the bucket refills too
 * early here, and what it does not hold then, it does not hold in Redis. Counted from the answer it refills too late,
 * and whoever is told to wait that long does not come too early.
 *
 * @param level what the bucket held, at {@code at} nanoseconds of its own clock
 * @param askedAt when the question was sent, in elapsed nanoseconds of this node
 * @param answeredAt when the answer was there, in elapsed nanoseconds of this node
 * @param usefulNanos for how long after the answer this can help to deny the request that was denied
 * @param denied whether a request was denied; if not, the bucket is only known to be empty
 */
record SeenBucket(
        List<RateLimit> limits,
        io.github.bucket4j.BucketState level,
        long at,
        long askedAt,
        long answeredAt,
        long usefulNanos,
        boolean denied) {

    private static final Duration PRECISION = RedisLimitEngine.CLOCK_PRECISION;

    /** Tells whether this can still help to deny something. */
    boolean usefulAt(long now) {
        return now - answeredAt < usefulNanos;
    }

    /** Tells whether the bucket cannot have a cost yet. */
    boolean denies(long cost, long now) {
        return denies(cost, now, level.copy());
    }

    /** Does the same by a copy of the level, which it refills. */
    private boolean denies(long cost, long now, io.github.bucket4j.BucketState copy) {
        copy.refillAllBandwidth(after(now - askedAt));
        return cost > copy.getAvailableTokens();
    }

    /** Returns what whoever wants a cost is told. */
    BucketState state(long cost, long now) {
        return state(cost, now, !denies(cost, now), level.copy());
    }

    /**
     * Returns what whoever wants a cost is told if the bucket cannot have it yet; else null.
     *
     * <p>First what is told, since that is of the earlier moment: the same copy is refilled for both.
     */
    @Nullable
    BucketState denial(long cost, long now) {
        if (!denied || cost <= level.getAvailableTokens()) {
            return null;
        }
        io.github.bucket4j.BucketState copy = level.copy();
        BucketState told = state(cost, now, false, copy);
        return denies(cost, now, copy) ? told : null;
    }

    /** Returns the same by a copy of the level, which it refills. */
    private BucketState state(long cost, long now, boolean admitted, io.github.bucket4j.BucketState copy) {
        long then = after(now - answeredAt);
        copy.refillAllBandwidth(then);
        return Refill.stateOf(limits, copy, cost, admitted, then, PRECISION);
    }

    /** Returns this knowledge, which is newer than other, of a bucket that may have denied a request before. */
    SeenBucket after(@Nullable SeenBucket before) {
        return denied || before == null || !before.usefulAt(answeredAt)
                ? this
                : new SeenBucket(limits, level, at, askedAt, answeredAt, usefulNanos, before.denied);
    }

    private long after(long elapsed) {
        return Refill.roundDown(at + elapsed, PRECISION);
    }
}
