package dev.millpond.cache.internal;

import dev.millpond.runtime.spi.DaemonThreads;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Where loads run that callers do not wait for until their end: daemon threads, none while there is nothing to do.
 *
 * <p>Each load begins at once, whatever others wait for; who begins loads bounds their number.
 */
final class LoadThreads implements Executor {

    private final Executor pool = new ThreadPoolExecutor(
            0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), new DaemonThreads("millpond-load"));

    @Override
    public void execute(Runnable load) {
        pool.execute(load);
    }
}
