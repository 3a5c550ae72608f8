package dev.millpond.runtime.spi;

import java.util.concurrent.ThreadFactory;

/**
 * Makes threads that keep no JVM alive and say where they come from; thread-safe.
 *
 * @param name the name of each thread
 */
public record DaemonThreads(String name) implements ThreadFactory {

    @Override
    public Thread newThread(Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }
}
