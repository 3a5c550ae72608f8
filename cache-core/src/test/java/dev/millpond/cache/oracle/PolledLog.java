package dev.millpond.cache.oracle;

import dev.millpond.cache.internal.ForwardingLog;
import dev.millpond.cache.spi.InvalidationLog;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Queue;

/**
 * A node's view of a log whose channel is silent: what other nodes invalidate arrives with a poll, or when this node
 * invalidates or checks something. Thread-safe.
 */
final class PolledLog extends ForwardingLog {

    private final Queue<Runnable> heard = new ArrayDeque<>();

    PolledLog(InvalidationLog log) {
        super(log);
    }

    @Override
    public void start(Follower follower) {
        super.start(new Deaf(follower));
    }

    @Override
    public long append(Collection<String> names) {
        long sequence = super.append(names);
        tell();
        return sequence;
    }

    @Override
    public Check check() {
        Check check = super.check();
        return () -> {
            boolean passed = check.passed();
            tell();
            return passed;
        };
    }

    private synchronized void tell() {
        while (!heard.isEmpty()) {
            heard.remove().run();
        }
    }

    /** Pretends to the log that it is told at once. */
    private final class Deaf extends ForwardingFollower {

        private volatile String epoch;
        private volatile long applied;

        private Deaf(Follower follower) {
            super(follower);
            this.epoch = follower.epoch();
            this.applied = follower.applied();
        }

        @Override
        public String epoch() {
            return epoch;
        }

        @Override
        public long applied() {
            return applied;
        }

        @Override
        public void apply(long sequence, Collection<String> names) {
            synchronized (PolledLog.this) {
                if (sequence == applied + 1) {
                    applied = sequence;
                    heard.add(() -> super.apply(sequence, names));
                }
            }
        }

        @Override
        public void reset(String newEpoch, long floor) {
            synchronized (PolledLog.this) {
                heard.clear();
                super.reset(newEpoch, floor);
                epoch = newEpoch;
                applied = floor;
            }
        }

        /** Only a poll confirms. */
        @Override
        public void confirm(long nanoTime) {
            tell();
            super.confirm(nanoTime);
        }
    }
}
