package dev.millpond.cache.internal.redis;

import dev.millpond.cache.spi.InvalidationLog;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Notes what it is told. */
final class RecordingFollower implements InvalidationLog.Follower {

    final List<String> events = new CopyOnWriteArrayList<>();
    /** What it throws the next time it is asked, once. */
    volatile @Nullable Error failure;

    private volatile String epoch = "none";
    private volatile long applied;

    @Override
    public String epoch() {
        Error thrown = failure;
        failure = null;
        if (thrown != null) {
            throw thrown;
        }
        return epoch;
    }

    @Override
    public long applied() {
        return applied;
    }

    @Override
    public void apply(long sequence, Collection<String> names) {
        if (sequence == applied + 1) {
            applied = sequence;
            events.add("apply " + sequence + ' ' + names);
        }
    }

    @Override
    public void reset(String newEpoch, long floor) {
        epoch = newEpoch;
        applied = floor;
        events.add("reset " + floor);
    }

    @Override
    public void distrust() {
        events.add("distrust");
    }

    @Override
    public void confirm(long nanoTime) {
        events.add("confirm " + nanoTime);
    }
}
