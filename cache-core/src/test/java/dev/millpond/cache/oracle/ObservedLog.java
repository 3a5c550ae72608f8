package dev.millpond.cache.oracle;

import dev.millpond.cache.internal.ForwardingLog;
import dev.millpond.cache.spi.InvalidationLog;
import java.util.Collection;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * A node's view of the log, watched for the moment at which its invalidations are complete for all nodes.
 *
 * <p>An invalidation that reaches Redis is complete when it returns. One that does not is kept and sent later; the log
 * confirms nothing before it is sent, so the next confirmation proves that it was. Thread-safe.
 */
final class ObservedLog extends ForwardingLog {

    private final Queue<Runnable> unsent = new ConcurrentLinkedQueue<>();
    private final ThreadLocal<Boolean> sent = ThreadLocal.withInitial(() -> true);
    private volatile @Nullable Long confirmedAt;

    ObservedLog(InvalidationLog log) {
        super(log);
    }

    /** Makes a change, and tells when Redis has all the invalidations that it caused. */
    void change(Runnable change, Runnable onSent) {
        sent.set(true);
        change.run();
        if (sent.get()) {
            onSent.run();
        } else {
            unsent.add(onSent);
        }
    }

    /** Tells whether Redis has all invalidations of this node. */
    boolean nothingUnsent() {
        return unsent.isEmpty();
    }

    /** Tells whether this node has been proved to miss nothing that was complete at a time. */
    boolean confirmedSince(long nanoTime) {
        Long at = confirmedAt;
        return at != null && at - nanoTime > 0;
    }

    @Override
    public void start(Follower follower) {
        super.start(new ObservedFollower(follower));
    }

    @Override
    public long append(Collection<String> names) {
        long sequence = super.append(names);
        if (sequence < 0) {
            sent.set(false);
        }
        return sequence;
    }

    private void confirmed(long nanoTime) {
        confirmedAt = nanoTime;
        for (Runnable next = unsent.poll(); next != null; next = unsent.poll()) {
            next.run();
        }
    }

    private final class ObservedFollower extends ForwardingFollower {

        private ObservedFollower(Follower follower) {
            super(follower);
        }

        @Override
        public void confirm(long nanoTime) {
            super.confirm(nanoTime);
            confirmed(nanoTime);
        }
    }
}
