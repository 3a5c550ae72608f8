package dev.millpond.cache.internal;

import dev.millpond.runtime.spi.DaemonThreads;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The default place of asynchronous reads: at most 32 daemon threads, none while there is nothing to do.
 *
 * <p>Once closed, it runs tasks on the calling thread, so that reads after the end of a registry still complete.
 */
final class AsyncExecutor implements Executor, AutoCloseable {

    private static final int THREADS = 32;
    private static final AtomicInteger COUNTER = new AtomicInteger();

    private final ExecutorService pool;

    AsyncExecutor() {
        ThreadFactory threads =
                task -> new DaemonThreads("millpond-cache-" + COUNTER.incrementAndGet()).newThread(task);
        ThreadPoolExecutor executor =
                new ThreadPoolExecutor(THREADS, THREADS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads);
        executor.allowCoreThreadTimeOut(true);
        executor.setRejectedExecutionHandler((task, closed) -> task.run());
        this.pool = executor;
    }

    @Override
    public void execute(Runnable task) {
        pool.execute(task);
    }

    @Override
    public void close() {
        pool.shutdown();
    }
}
