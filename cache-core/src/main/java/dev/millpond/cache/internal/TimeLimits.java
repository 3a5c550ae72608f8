package dev.millpond.cache.internal;

import dev.millpond.cache.CacheLoadException;
import dev.millpond.cache.internal.Bulkhead.Permit;
import dev.millpond.runtime.spi.LogContext;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Limits how long callers wait for the loads of one cache; thread-safe.
 *
 * <p>A load that is limited runs on a thread of its own, since nothing else can be left alone. Those that were left
 * alone keep their permits, so that a source that hangs costs no more of them than there are permits, and as many again
 * for loads that had to begin without one: when these hang too, no further one begins. A load inside another one that
 * has no permit runs on the thread of its caller, whose limits are the other one's.
 */
final class TimeLimits {

    private final WaitForGraph waits = WaitForGraph.OF_PROCESS;
    private final String cache;
    private final @Nullable Duration soft;
    private final @Nullable Duration hard;
    private final Duration leaseTime;
    private final Executor threads;
    private final int mostStrays;

    /** Loads without a permit that were left alone and have not ended. */
    private final Set<Worker> strays = ConcurrentHashMap.newKeySet();

    /**
     * Creates the limits.
     *
     * @param threads starts each task at once
     */
    TimeLimits(CacheSettings<?> settings, Executor threads) {
        this.cache = settings.name();
        this.soft = settings.loading().softTimeout();
        this.hard = settings.loading().hardTimeout();
        this.leaseTime = settings.leaseTime();
        this.threads = threads;
        this.mostStrays = settings.loading().maximumConcurrentLoads();
    }

    /** Returns how long a caller waits for its turn to load. */
    Duration patience(boolean isStaleThere) {
        if (isStaleThere) {
            return Duration.ZERO;
        }
        return hard != null ? hard : leaseTime;
    }

    /** Returns how long a caller waits for a load before it takes a stale value, or null if it waits for the end. */
    @Nullable
    Duration soft() {
        return soft;
    }

    /** Tells whether a load is limited. */
    boolean apply(Permit permit, boolean isStaleThere) {
        boolean passed = permit.equals(Permit.PASS) && !LoadScope.active();
        return permit.isOwn() ? hard != null || (soft != null && isStaleThere) : hard != null && passed;
    }

    /**
     * Returns what a load gives, if it ends before the hard limit; else it is interrupted.
     *
     * @throws CacheLoadException if it does not, or as many as may are left alone already, or the thread is interrupted
     *     while it waits, and it stays so
     */
    <T> T call(Permit permit, LoadAttempt attempt, Supplier<T> load) {
        if (!apply(permit, false)) {
            return load.get();
        }
        CompletableFuture<T> result = new CompletableFuture<>();
        Worker worker = worker(permit, () -> complete(result, load));
        waits.delegate(worker); // before it begins, and may wait for what this thread leads
        try {
            start(worker, attempt, result::completeExceptionally);
            return result.get();
        } catch (InterruptedException e) {
            worker.interrupt();
            throw Failures.interrupted(e);
        } catch (ExecutionException e) {
            throw Failures.unchecked(e);
        } finally {
            waits.endDelegation();
        }
    }

    private static <T> void complete(CompletableFuture<T> result, Supplier<T> load) {
        try {
            result.complete(load.get());
        } catch (RuntimeException | Error e) {
            result.completeExceptionally(e);
        }
    }

    /**
     * Begins a load on a thread of its own, as a part of the load that the caller runs, if any.
     *
     * @param load shares the permit until it ends, and does not throw
     * @param giveUp is told when the load has taken too long, before its thread is interrupted; must not block
     */
    void begin(Permit permit, LoadAttempt attempt, Runnable load, Consumer<CacheLoadException> giveUp) {
        start(worker(permit, load), attempt, giveUp);
    }

    private Worker worker(Permit permit, Runnable load) {
        if (!permit.isOwn() && strays.size() >= mostStrays) {
            throw tooManyStrays();
        }
        LoadScope caller = LoadScope.current();
        return new Worker(() -> LoadScope.runWithin(caller, load), permit.share(), strays);
    }

    private CacheLoadException tooManyStrays() {
        return new CacheLoadException("Cache '" + cache + "' has " + mostStrays + " loads beyond its"
                + " maximumConcurrentLoads that took longer than its hardTimeout and still go on, so no further one"
                + " begins; there is no value that may be served instead. Make the loader end when it is interrupted.");
    }

    private void start(Worker worker, LoadAttempt attempt, Consumer<CacheLoadException> giveUp) {
        execute(worker);
        if (hard != null) {
            Runnable report = LogContext.carried(attempt::logIfSlow);
            var unused = worker.ended
                    .orTimeout(TimeUnit.NANOSECONDS.convert(hard), TimeUnit.NANOSECONDS)
                    .exceptionally(e -> {
                        giveUp(worker, attempt, giveUp, report, hard);
                        return null;
                    });
        }
    }

    private void execute(Worker worker) {
        try {
            threads.execute(worker);
        } catch (RuntimeException | Error e) { // there may be no more threads
            worker.permit.close();
            throw e;
        }
    }

    /** A load whose loader has returned in time is left to store what it has. */
    private void giveUp(
            Worker worker, LoadAttempt attempt, Consumer<CacheLoadException> callers, Runnable report, Duration limit) {
        CacheLoadException failure = tooLate(limit);
        if (attempt.timeOut(failure)) {
            worker.leaveAlone();
            callers.accept(failure);
            worker.interrupt();
            threads.execute(report); // a log may block, which the timer of the process must not
        }
    }

    private CacheLoadException tooLate(Duration limit) {
        return new CacheLoadException("A load of cache '" + cache + "' took longer than its hardTimeout of "
                + limit.toMillis() + " ms and was interrupted; there is no value that may be served instead. Raise the"
                + " timeout, or make the loader faster.");
    }

    /** A load on a thread of its own, which may be interrupted while it runs and not later. */
    static final class Worker implements Runnable {

        private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
        private final Runnable load;
        private final Permit permit;
        private final Set<Worker> strays;
        private volatile @Nullable Thread thread;
        private boolean interrupted;
        private boolean over;

        private Worker(Runnable load, Permit permit, Set<Worker> strays) {
            this.load = load;
            this.permit = permit;
            this.strays = strays;
        }

        @Override
        public void run() {
            begin();
            try (permit) {
                load.run();
            } finally {
                end();
            }
        }

        /** Returns the thread that it runs on, or null before it begins and after it has ended. */
        @Nullable
        Thread thread() {
            return thread;
        }

        private synchronized void begin() {
            thread = Thread.currentThread();
            interruptIfAsked();
        }

        /** Nobody waits for it any more. */
        private synchronized void leaveAlone() {
            if (!over && !permit.isOwn()) {
                strays.add(this);
            }
        }

        synchronized void interrupt() {
            interrupted = true;
            interruptIfAsked();
        }

        private void interruptIfAsked() {
            Thread running = thread;
            if (interrupted && running != null) {
                running.interrupt();
            }
        }

        /** The thread goes on to other loads. */
        private void end() {
            synchronized (this) {
                thread = null;
                over = true;
                strays.remove(this);
            }
            ended.complete(null);
            Thread.interrupted();
        }
    }
}
