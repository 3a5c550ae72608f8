package dev.millpond.cache.internal;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.cache.spi.InvalidationLog;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One sequence of invalidations that tells only the node that appends, and others when they check; thread-safe. */
final class SilentLog {

    final AtomicInteger checks = new AtomicInteger();
    volatile boolean answers = true;

    private final Ticker ticker;
    private final List<List<String>> records = new ArrayList<>();

    SilentLog(Ticker ticker) {
        this.ticker = ticker;
    }

    /** Returns the log as one more node sees it. */
    InvalidationLog node() {
        return new Node();
    }

    private synchronized void bringUp(InvalidationLog.Follower follower) {
        while (follower.applied() < records.size()) {
            int next = (int) follower.applied();
            follower.apply(next + 1L, records.get(next));
        }
    }

    private synchronized long add(Collection<String> names) {
        records.add(List.copyOf(names));
        return records.size();
    }

    private final class Node extends ForwardingLog {

        private @Nullable Follower follower;

        private Node() {
            super(new LocalInvalidationLog(ticker));
        }

        @Override
        public void start(Follower newFollower) {
            follower = newFollower;
            super.start(newFollower);
        }

        @Override
        public long append(Collection<String> names) {
            long sequence = add(names);
            bringUp(follower());
            return sequence;
        }

        @Override
        public Check check() {
            checks.incrementAndGet();
            return () -> {
                if (answers) {
                    bringUp(follower());
                }
                return answers;
            };
        }

        private Follower follower() {
            return Objects.requireNonNull(follower);
        }
    }
}
