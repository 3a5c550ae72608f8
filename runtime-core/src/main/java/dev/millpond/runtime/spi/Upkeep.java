package dev.millpond.runtime.spi;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread on which something follows what it shares with other nodes; thread-safe.
 *
 * <p>Nobody has to end it: it ends by itself soon after the last task was closed.
 */
public final class Upkeep {

    /** The time from the end of a run of a task to its next one. */
    static final Duration INTERVAL = Duration.ofSeconds(1);

    private static final Logger log = LoggerFactory.getLogger(Upkeep.class);

    private final String owner;
    private final Duration interval;
    private final ScheduledThreadPoolExecutor thread;

    /**
     * Creates an upkeep without tasks.
     *
     * @param owner who follows, as the beginning of a sentence; for example {@code A rate limiter}
     * @param threadName the name of the thread
     */
    public Upkeep(String owner, String threadName) {
        this(owner, threadName, INTERVAL);
    }

    /** Creates an upkeep for tests that do not wait for a second. */
    public Upkeep(String owner, String threadName, Duration interval) {
        this.owner = owner;
        this.interval = interval;
        this.thread = new ScheduledThreadPoolExecutor(1, new DaemonThreads(threadName));
        thread.setKeepAliveTime(interval.toNanos(), TimeUnit.NANOSECONDS);
        thread.allowCoreThreadTimeOut(true);
        thread.setRemoveOnCancelPolicy(true); // what is left of a closed task would keep the thread alive
    }

    /**
     * Begins to do something once a second, for the first time after a second.
     *
     * @param action should not take long, since all tasks share the thread; if it throws, that is logged and it runs
     *     again
     */
    public Task everySecond(Runnable action) {
        return new Task(action);
    }

    /** Something that is done once a second, and as soon as possible when asked, until it is closed; thread-safe. */
    public final class Task implements AutoCloseable {

        private final Runnable action;
        private final AtomicBoolean called = new AtomicBoolean();
        private final Future<?> runs;
        private volatile boolean closed;

        private Task(Runnable action) {
            this.action = action;
            this.runs = thread.scheduleWithFixedDelay(
                    this::run, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
        }

        /** Runs it once more, soon; calls before it begins count as one. */
        public void soon() {
            if (!closed && called.compareAndSet(false, true)) {
                thread.execute(() -> {
                    called.set(false); // before the run, which may miss what the next call is about
                    run();
                });
            }
        }

        /** Catches everything: a task that ended in silence would never be done again. */
        private void run() {
            if (closed) {
                return;
            }
            try {
                action.run();
            } catch (Throwable e) {
                log.warn("{} failed to follow other nodes; it tries again within a second. {}", owner, e.toString());
            }
        }

        /** Ends it: it does not begin again, and a run that the second began is interrupted. */
        @Override
        public void close() {
            closed = true;
            runs.cancel(true);
        }
    }
}
