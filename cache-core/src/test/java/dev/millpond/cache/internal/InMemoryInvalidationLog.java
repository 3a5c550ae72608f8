package dev.millpond.cache.internal;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.cache.spi.InvalidationLog;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** One sequence of invalidations that reaches all nodes at once; thread-safe. */
final class InMemoryInvalidationLog {

    private final Ticker ticker;
    private final List<InvalidationLog.Follower> followers = new ArrayList<>();
    private long sequence;

    InMemoryInvalidationLog(Ticker ticker) {
        this.ticker = ticker;
    }

    /** Returns the log as one more node sees it. */
    InvalidationLog node() {
        return new ForwardingLog(new LocalInvalidationLog(ticker)) {
            @Override
            public void start(Follower follower) {
                join(follower);
            }

            @Override
            public long append(Collection<String> names) {
                return tellAll(names);
            }
        };
    }

    /** Makes all nodes trust what they have, as a poll does now and then. */
    synchronized void confirm() {
        followers.forEach(follower -> follower.confirm(ticker.read()));
    }

    private synchronized void join(InvalidationLog.Follower follower) {
        follower.reset("e1", sequence);
        follower.confirm(ticker.read());
        followers.add(follower);
    }

    private synchronized long tellAll(Collection<String> names) {
        sequence++;
        followers.forEach(follower -> follower.apply(sequence, names));
        return sequence;
    }
}
