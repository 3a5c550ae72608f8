package dev.millpond.ratelimit.internal.engine;

import java.util.concurrent.ThreadFactory;

/** Makes threads that keep no JVM alive and say where they come from. */
record DaemonThreads(String name) implements ThreadFactory {

    @Override
    public Thread newThread(Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }
}
