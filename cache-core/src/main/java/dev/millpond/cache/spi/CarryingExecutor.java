package dev.millpond.cache.spi;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.runtime.spi.LogContext;
import dev.millpond.runtime.spi.TolerantCalls;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** Runs tasks of loads in the context of whoever gives them to it, and lets them log in it; thread-safe. */
public final class CarryingExecutor implements Executor {

    private final Executor threads;
    private final @Nullable LoadObserver observer;
    private final TolerantCalls calls;

    /**
     * Creates it.
     *
     * @param threads run the tasks
     * @param observer carries its context to them; null if only the logging context is carried
     * @param ticker elapsed time, by which failures of the observer are logged occasionally
     */
    public CarryingExecutor(Executor threads, @Nullable LoadObserver observer, Ticker ticker) {
        this.threads = threads;
        this.observer = observer;
        this.calls = new TolerantCalls("Load observer", LoggerFactory.getLogger(CarryingExecutor.class), ticker);
    }

    @Override
    public void execute(Runnable task) {
        threads.execute(carried(task));
    }

    /** Returns a task that does the same in the context of the calling thread, whenever and wherever it is run. */
    public Runnable carried(Runnable task) {
        return LogContext.carried(observer == null ? task : carried(observer, task));
    }

    private Runnable carried(LoadObserver asked, Runnable task) {
        OneRun once = new OneRun(task);
        Runnable carried = calls.get(asked, "carry(..)", () -> asked.carry(once), once);
        return () -> run(asked, carried, once);
    }

    /** The task runs whatever the observer does around it: permits, leases and callers wait for its end. */
    private void run(LoadObserver asked, Runnable carried, OneRun task) {
        try {
            calls.run(asked, carried);
        } finally {
            task.run();
        }
    }

    /** A task that runs once, when it is first asked to. */
    private static final class OneRun implements Runnable {

        private final Runnable task;
        private final AtomicBoolean begun = new AtomicBoolean();

        private OneRun(Runnable task) {
            this.task = task;
        }

        @Override
        public void run() {
            if (begun.compareAndSet(false, true)) {
                task.run();
            }
        }
    }
}
