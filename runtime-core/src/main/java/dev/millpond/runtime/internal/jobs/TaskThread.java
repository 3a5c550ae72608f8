package dev.millpond.runtime.internal.jobs;

import org.jspecify.annotations.Nullable;

/** The thread on which a task runs: it can be interrupted while it does, and not before or after; thread-safe. */
final class TaskThread {

    private @Nullable Thread running;
    private boolean over;

    /** Lets the task run on this thread; returns false if it was withdrawn. */
    synchronized boolean begin() {
        running = over ? null : Thread.currentThread();
        return !over;
    }

    /** Lets the task be over; what comes next on this thread is not interrupted for it. */
    synchronized void end() {
        over = true;
        running = null;
        boolean unused = Thread.interrupted();
    }

    /** Lets the task never begin; returns false if it has begun, or was withdrawn before. */
    synchronized boolean withdraw() {
        boolean waits = running == null && !over;
        over = true;
        return waits;
    }

    /** Interrupts the task if it runs, unless it is the task that asks. */
    synchronized void interrupt() {
        if (running != null && !running.equals(Thread.currentThread())) {
            running.interrupt();
        }
    }
}
