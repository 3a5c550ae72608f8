package dev.millpond.runtime.internal;

import dev.millpond.runtime.spi.DaemonThreads;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;

/** Makes the thread on which calls of one connection time out. */
final class TimeoutThread {

    private TimeoutThread() {}

    static ScheduledExecutorService start() {
        // Once the connection is closed the client itself fails what is on its way, so time limits may be discarded.
        ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(
                1, new DaemonThreads("millpond-redis-timeouts"), new ThreadPoolExecutor.DiscardPolicy());
        thread.setRemoveOnCancelPolicy(true);
        return thread;
    }
}
