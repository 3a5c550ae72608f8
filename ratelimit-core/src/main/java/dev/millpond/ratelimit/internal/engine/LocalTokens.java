package dev.millpond.ratelimit.internal.engine;

import dev.millpond.ratelimit.RateLimit;
import io.github.bucket4j.distributed.remote.MutableBucketEntry;
import java.util.List;
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

    /**
     * What is done with a bucket, at a moment.
     *
     * @param <T> the type of the answer
     */
    @FunctionalInterface
    interface Command<T> {

        T run(LocalTokens tokens, long now);
    }

    /**
     * Does something with the bucket while nobody else does; returns null instead if it {@link #isOver}.
     *
     * @param now whoever waited for the others read the clock before them, and is as late as they are: of a bucket time
     *     does not go back
     */
    synchronized <T> @Nullable T run(List<RateLimit> limits, long now, Command<T> command) {
        if (isOver(now)) {
            return null;
        }
        if (!shape.limits().equals(limits)) {
            shape = Shape.of(limits);
        }
        usedAt = Math.max(usedAt, now);
        T answer = command.run(this, usedAt);
        nanosToKeep = nanosToKeep();
        return answer;
    }

    /** Returns the shape by which a command is to decide; only for the command that is run. */
    Shape shape() {
        return shape;
    }

    /** Returns what a command may change; only for the command that is run. */
    MutableBucketEntry entry() {
        return entry;
    }

    /** Says that a command has used the bucket at a later moment than it was told; only for the command that is run. */
    void usedAt(long later) {
        usedAt = Math.max(usedAt, later);
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
        if (!over && now - usedAt > nanosToKeep) {
            over = true;
            usedAt = now;
        }
        return over;
    }

    /** Returns the moment at which it was used last or, if it is over, at which that was found. */
    synchronized long usedAt() {
        return usedAt;
    }
}
