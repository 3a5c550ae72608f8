package dev.millpond.ratelimit.internal.engine;

import io.github.bucket4j.distributed.remote.MutableBucketEntry;
import java.time.Duration;
import java.util.function.Function;

/** One bucket in this process; thread-safe. */
final class LocalTokens {

    private final MutableBucketEntry entry = new MutableBucketEntry((byte[]) null);
    private volatile Duration timeToKeep;

    LocalTokens(Duration timeToKeep) {
        this.timeToKeep = timeToKeep;
    }

    synchronized <T> T run(Function<MutableBucketEntry, T> command, Duration timeToFill) {
        T answer = command.apply(entry);
        boolean above = entry.exists() && KeptUntilFull.holdsMoreThanItsCapacity(entry.get());
        timeToKeep = above ? RedisLimitEngine.KEPT_ABOVE_CAPACITY : timeToFill;
        return answer;
    }

    /** Returns how long the bucket is kept when it is no longer used. */
    Duration timeToKeep() {
        return timeToKeep;
    }
}
