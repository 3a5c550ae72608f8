package dev.millpond.ratelimit.internal.engine;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.runtime.spi.DaemonThreads;
import dev.millpond.runtime.spi.Timeouts;
import dev.millpond.runtime.spi.Timeouts.Timeout;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Ends the wait of callers whose turn does not come in time, and does what else has its time.
 *
 * <p>It has a thread of its own: what a caller does on a failure would otherwise hold up the one thread on which all
 * time limits of the JVM's futures run.
 */
final class TakeTimer implements AutoCloseable {

    private final Duration budget;
    private final ScheduledThreadPoolExecutor thread;
    private final Timeouts limits;

    TakeTimer(Duration budget) {
        this.budget = budget;
        this.thread = new ScheduledThreadPoolExecutor(
                1, new DaemonThreads("millpond-rate-limit-timeouts"), new ThreadPoolExecutor.DiscardPolicy());
        thread.setRemoveOnCancelPolicy(true);
        this.limits = new Timeouts(thread, Ticker.systemTicker());
    }

    void limit(CompletableFuture<?> answer, Supplier<Exception> failure) {
        limit(answer, budget, failure);
    }

    void limit(CompletableFuture<?> answer, Duration left, Supplier<Exception> failure) {
        Timeout limit = limits.begin(left, () -> answer.completeExceptionally(failure.get()));
        var unused = answer.whenComplete((value, thrown) -> limit.cancel());
    }

    /** Does something later, unless this is closed by then; it must not block. */
    void run(Duration delay, Runnable action) {
        var unused = thread.schedule(action, delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
