package dev.millpond.ratelimit.internal.engine;

import dev.millpond.ratelimit.RateLimit;
import io.github.bucket4j.distributed.remote.MutableBucketEntry;
import java.util.List;
import java.util.function.BiFunction;

/** One bucket in this process; thread-safe. */
final class LocalTokens {

    private static final long KEPT_ABOVE_CAPACITY = RedisLimitEngine.KEPT_ABOVE_CAPACITY.toNanos();

    private final MutableBucketEntry entry = new MutableBucketEntry((byte[]) null);
    private Shape shape;
    private volatile long nanosToKeep;

    LocalTokens(Shape shape) {
        this.shape = shape;
        this.nanosToKeep = shape.timeToFill().toNanos();
    }

    synchronized <T> T run(List<RateLimit> limits, BiFunction<Shape, MutableBucketEntry, T> command) {
        if (!shape.limits().equals(limits)) {
            shape = Shape.of(limits);
        }
        T answer = command.apply(shape, entry);
        boolean above = entry.exists() && KeptUntilFull.holdsMoreThanItsCapacity(entry.get());
        keepFor(above ? KEPT_ABOVE_CAPACITY : shape.timeToFill().toNanos());
        return answer;
    }

    /** It is nearly always the same, and a write that all threads see takes longer than a look. */
    private void keepFor(long nanos) {
        if (nanosToKeep != nanos) {
            nanosToKeep = nanos;
        }
    }

    /** Returns how long the bucket is kept when it is no longer used. */
    long nanosToKeep() {
        return nanosToKeep;
    }
}
