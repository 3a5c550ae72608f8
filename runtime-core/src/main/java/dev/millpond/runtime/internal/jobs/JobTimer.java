package dev.millpond.runtime.internal.jobs;

import java.time.Duration;

/** Runs actions later, one after the other; thread-safe. */
interface JobTimer {

    /** Runs an action after a time; it must not block. Does nothing once the timer is closed. */
    void after(Duration delay, Runnable action);

    /** Forgets all actions. */
    void close();
}
