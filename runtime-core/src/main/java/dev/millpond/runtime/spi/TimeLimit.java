package dev.millpond.runtime.spi;

import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Gives something up after a time, but not because this process {@linkplain Standstill stood still}; thread-safe. */
public final class TimeLimit {

    private final ScheduledExecutorService thread;
    private final Ticker ticker;
    private final Duration limit;
    private final Runnable giveUp;
    private final long begunAt;
    private Duration due;
    private boolean over;
    private @Nullable Future<?> next;

    private TimeLimit(ScheduledExecutorService thread, Ticker ticker, Duration limit, Runnable giveUp) {
        this.thread = thread;
        this.ticker = ticker;
        this.limit = limit;
        this.giveUp = giveUp;
        this.begunAt = ticker.read();
        this.due = limit;
    }

    /**
     * Begins a time.
     *
     * @param thread where to give up
     * @param ticker elapsed time
     * @param limit how long to wait
     * @param giveUp what to do then; it must not block
     */
    public static TimeLimit begin(ScheduledExecutorService thread, Ticker ticker, Duration limit, Runnable giveUp) {
        TimeLimit begun = new TimeLimit(thread, ticker, limit, giveUp);
        begun.waitFor(limit);
        return begun;
    }

    private synchronized void waitFor(Duration time) {
        if (!over) {
            next = thread.schedule(this::end, time.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void end() {
        Duration elapsed = Duration.ofNanos(ticker.read() - begunAt);
        Duration more = Standstill.givesBack(limit, due, elapsed);
        if (more.isZero()) {
            giveUp.run();
        } else {
            due = elapsed.plus(more);
            waitFor(more);
        }
    }

    /** Ends the time because what was waited for has come; does nothing if it is over. */
    public synchronized void cancel() {
        over = true;
        if (next != null) {
            next.cancel(false);
        }
    }
}
