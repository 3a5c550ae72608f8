package dev.millpond.runtime.spi;

import java.util.concurrent.ThreadFactory;

/**
 * Makes threads that keep no JVM alive and say where they come from; thread-safe.
 *
 * <p>They have no thread-local variables of the thread that happens to make them, since they run the tasks of others as
 * well.
 *
 * @param name the name of each thread
 */
public record DaemonThreads(String name) implements ThreadFactory {

    @Override
    public Thread newThread(Runnable task) {
        Thread thread = new Thread(null, task, name, 0, false);
        thread.setDaemon(true);
        // By default some JDKs would give it that of the system, which knows no classes of an application in a
        // container.
        thread.setContextClassLoader(Thread.currentThread().getContextClassLoader());
        return thread;
    }
}
