package dev.millpond.cache.internal;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.cache.spi.InvalidationLog;
import java.util.Collection;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The invalidations of a registry that has one node only; thread-safe. */
final class LocalInvalidationLog implements InvalidationLog {

    private final Ticker ticker;
    private @Nullable Follower follower;

    LocalInvalidationLog(Ticker ticker) {
        this.ticker = ticker;
    }

    @Override
    public synchronized void start(Follower newFollower) {
        follower = newFollower;
        newFollower.reset("local", 0);
        newFollower.confirm(ticker.read());
    }

    @Override
    public synchronized long append(Collection<String> names) {
        Follower told = Objects.requireNonNull(follower, "start(...) comes first");
        long sequence = told.applied() + 1;
        told.apply(sequence, names);
        return sequence;
    }

    @Override
    public Check check() {
        return () -> true;
    }

    @Override
    public Progress progress() {
        return new Progress(0, 0, 0);
    }

    @Override
    public void close() {
        // There is nobody to tell.
    }
}
