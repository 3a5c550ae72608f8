package dev.millpond.cache.internal;

import java.time.Duration;
import java.util.function.LongConsumer;

/**
 * Lets a warm-up begin when this node knows of invalidations for the first time.
 *
 * <p>An application may start faster than its connection, and nothing that is loaded before is kept. A node that lost
 * sight of the log later goes on: what it loads is kept in this process, and nobody knows when Redis is back.
 *
 * @param pause waits for so many nanoseconds
 */
record LogWait(TagTable table, LongConsumer pause) {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final long STEP_NANOS = Duration.ofMillis(20).toNanos();

    /** Waits, unless the warm-up ends first or this takes too long. */
    void await(WarmLimits limits) {
        while (!table.everConfirmed() && isWorthIt(limits)) {
            pause.accept(STEP_NANOS);
        }
    }

    private static boolean isWorthIt(WarmLimits limits) {
        return limits.goesOn()
                && limits.took().compareTo(PATIENCE) < 0
                && !Thread.currentThread().isInterrupted();
    }
}
