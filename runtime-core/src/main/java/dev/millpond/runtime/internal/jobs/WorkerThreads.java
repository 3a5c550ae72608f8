package dev.millpond.runtime.internal.jobs;

import dev.millpond.runtime.spi.DaemonThreads;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Threads that end when there is nothing to run for a while. */
final class WorkerThreads implements Workers {

    private static final Duration KEPT = Duration.ofSeconds(30);

    private final ThreadPoolExecutor threads;
    private final ThreadLocal<Boolean> own = ThreadLocal.withInitial(() -> false);

    WorkerThreads(int most) {
        this.threads = new ThreadPoolExecutor(
                most,
                most,
                KEPT.toMillis(),
                TimeUnit.MILLISECONDS,
                new LinkedBlockingQueue<>(),
                new DaemonThreads("millpond-jobs"),
                new ThreadPoolExecutor.DiscardPolicy());
        threads.allowCoreThreadTimeOut(true);
    }

    @Override
    public void execute(Runnable action) {
        threads.execute(() -> {
            own.set(true);
            action.run();
        });
    }

    @Override
    public void close(Duration limit) {
        threads.shutdown();
        if (own.get()) {
            return; // an action cannot wait for its own end
        }
        try {
            if (threads.awaitTermination(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        threads.shutdownNow();
    }
}
