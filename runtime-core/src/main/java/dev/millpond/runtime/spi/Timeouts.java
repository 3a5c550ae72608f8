package dev.millpond.runtime.spi;

import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Gives things up after their times, but not because this process {@linkplain Standstill stood still}; thread-safe.
 *
 * <p>Most limits end long before their time, because what was waited for has come. So the thread is not told of each:
 * it looks when the first of those that it saw the last time is due, and is woken only for one that is due before.
 */
public final class Timeouts {

    /**
     * One look for what is due so soon after another: in a stall limits end one by one, and each look passes over all.
     */
    private static final long LEAST_PAUSE_NANOS = 1_000_000;

    private final ScheduledExecutorService thread;
    private final Ticker ticker;
    private final Set<Timeout> open = ConcurrentHashMap.newKeySet();
    private @Nullable Future<?> nextLook;
    /** When the thread looks next; changed only together with the look. */
    private volatile long nextLookAt;
    /** Whether the thread looks at all. */
    private volatile boolean looks;

    private volatile long lastLookAt;
    private boolean ending;

    /**
     * Creates limits, of which none has begun.
     *
     * @param thread where to give up
     * @param ticker elapsed time
     */
    public Timeouts(ScheduledExecutorService thread, Ticker ticker) {
        this.thread = thread;
        this.ticker = ticker;
        this.lastLookAt = ticker.read() - LEAST_PAUSE_NANOS;
    }

    /**
     * Begins a time.
     *
     * @param limit how long to wait
     * @param giveUp what to do then; it must not block
     */
    public Timeout begin(Duration limit, Runnable giveUp) {
        Timeout begun = new Timeout(limit, giveUp, ticker.read());
        open.add(begun);
        if (!looks || begun.dueAt() - nextLookAt < 0) {
            lookAt(begun.dueAt());
        }
        return begun;
    }

    private synchronized void lookAt(long due) {
        long earliest = lastLookAt + LEAST_PAUSE_NANOS;
        long at = due - earliest < 0 ? earliest : due;
        if (looks && at - nextLookAt >= 0) {
            return;
        }
        if (nextLook != null) {
            nextLook.cancel(false);
        }
        nextLookAt = at;
        looks = true;
        nextLook = thread.schedule(this::look, Math.max(0, at - ticker.read()), TimeUnit.NANOSECONDS);
    }

    /** Whoever begins a limit from here on sees that nobody looks, or is seen. */
    private void look() {
        looks = false;
        long now = ticker.read();
        lastLookAt = now;
        try {
            open.forEach(limit -> limit.look(now));
        } finally { // else what is not given up now never would be
            first().ifPresent(this::lookAt);
            endIfEmpty();
        }
    }

    private Optional<Long> first() {
        return open.stream().map(Timeout::dueAt).min(Comparator.comparingLong(at -> at - lastLookAt));
    }

    /** Ends the thread when no limit is open any more. */
    public synchronized void endThread() {
        ending = true;
        endIfEmpty();
    }

    private synchronized void endIfEmpty() {
        if (ending && open.isEmpty()) {
            thread.shutdown();
        }
    }

    /** A time that has begun; thread-safe. */
    public final class Timeout {

        private final Duration limit;
        private final Runnable giveUp;
        private final long begunAt;
        /** After the beginning; changed only by the thread. */
        private Duration due;

        private Timeout(Duration limit, Runnable giveUp, long begunAt) {
            this.limit = limit;
            this.giveUp = giveUp;
            this.begunAt = begunAt;
            this.due = limit;
        }

        private long dueAt() {
            return begunAt + due.toNanos();
        }

        private void look(long now) {
            if (now - dueAt() < 0) {
                return;
            }
            Duration elapsed = Duration.ofNanos(now - begunAt);
            Duration more = Standstill.givesBack(limit, due, elapsed);
            if (!more.isZero()) {
                due = elapsed.plus(more);
            } else if (open.remove(this)) {
                giveUp.run();
            }
        }

        /** Ends the time because what was waited for has come; does nothing if it is over. */
        public void cancel() {
            open.remove(this);
        }
    }
}
