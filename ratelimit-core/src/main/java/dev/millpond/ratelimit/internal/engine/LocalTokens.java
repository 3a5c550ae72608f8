package dev.millpond.ratelimit.internal.engine;

import dev.millpond.ratelimit.RateLimit;
import io.github.bucket4j.distributed.remote.MutableBucketEntry;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** One bucket in this process; thread-safe. */
final class LocalTokens {

    private static final long KEPT_ABOVE_CAPACITY = RedisLimitEngine.KEPT_ABOVE_CAPACITY.toNanos();

    private final MutableBucketEntry entry = new MutableBucketEntry((byte[]) null);
    private Shape shape;
    private long usedAt;
    private long nanosToKeep;
    private boolean over;

    /**
     * Creates a full bucket.
     *
     * @param now in nanoseconds, as in all that follows
     */
    LocalTokens(Shape shape, long now) {
        this.shape = shape;
        this.usedAt = now;
        this.nanosToKeep = shape.timeToFill().toNanos();
    }

    /** Does something with the bucket while nobody else does; returns null instead if it {@link #isOver}. */
    synchronized <T> @Nullable T run(
            List<RateLimit> limits, long now, BiFunction<Shape, MutableBucketEntry, T> command) {
        if (isOver(now)) {
            return null;
        }
        if (!shape.limits().equals(limits)) {
            shape = Shape.of(limits);
        }
        usedAt = Math.max(usedAt, now); // whoever waited for the others read the clock before them
        T answer = command.apply(shape, entry);
        nanosToKeep = nanosToKeep();
        return answer;
    }

    private long nanosToKeep() {
        long toFill = shape.timeToFill().toNanos();
        boolean above = entry.exists() && KeptUntilFull.holdsMoreThanItsCapacity(entry.get());
        return above ? Math.max(KEPT_ABOVE_CAPACITY, toFill) : toFill;
    }

    /**
     * Tells whether the bucket must be full again, and what was granted beyond has had its time, so that a new one is
     * as good.
     *
     * <p>From then on it always is over, so that nobody takes tokens from a bucket that others no longer find.
     */
    synchronized boolean isOver(long now) {
        over |= now - usedAt > nanosToKeep;
        return over;
    }
}
