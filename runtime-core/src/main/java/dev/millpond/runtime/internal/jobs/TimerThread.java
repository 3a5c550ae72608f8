package dev.millpond.runtime.internal.jobs;

import dev.millpond.runtime.spi.DaemonThreads;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A thread on which actions wait until it is time. */
final class TimerThread implements JobTimer {

    private static final Logger log = LoggerFactory.getLogger(TimerThread.class);

    private final ScheduledThreadPoolExecutor thread;

    TimerThread(String name) {
        this.thread =
                new ScheduledThreadPoolExecutor(1, new DaemonThreads(name), new ThreadPoolExecutor.DiscardPolicy());
    }

    @Override
    public void after(Duration delay, Runnable action) {
        Future<?> unused = thread.schedule(() -> run(action), delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    private static void run(Runnable action) {
        try {
            action.run();
        } catch (Throwable e) {
            log.warn("The jobs failed to look after themselves. {}", e.toString());
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
