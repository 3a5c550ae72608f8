package dev.millpond.ratelimit.internal.engine;

import io.github.bucket4j.distributed.remote.MutableBucketEntry;
import java.util.function.Function;

/** One bucket in this process; thread-safe. */
final class LocalTokens {

    private static final long KEPT_ABOVE_CAPACITY = RedisLimitEngine.KEPT_ABOVE_CAPACITY.toNanos();

    private final MutableBucketEntry entry = new MutableBucketEntry((byte[]) null);
    private volatile long nanosToKeep;

    LocalTokens(long nanosToFill) {
        this.nanosToKeep = nanosToFill;
    }

    synchronized <T> T run(Function<MutableBucketEntry, T> command, long nanosToFill) {
        T answer = command.apply(entry);
        boolean above = entry.exists() && KeptUntilFull.holdsMoreThanItsCapacity(entry.get());
        nanosToKeep = above ? KEPT_ABOVE_CAPACITY : nanosToFill;
        return answer;
    }

    /** Returns how long the bucket is kept when it is no longer used. */
    long nanosToKeep() {
        return nanosToKeep;
    }
}
