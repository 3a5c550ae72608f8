package dev.millpond.runtime.internal.jobs;

import java.time.Duration;
import java.util.concurrent.Executor;

/** The threads on which jobs run. */
interface Workers extends Executor {

    /**
     * Lets nothing begin any more, and waits for what runs; what is still running after a time is interrupted. Within
     * an action it does not wait, and interrupts nothing.
     */
    void close(Duration limit);
}
