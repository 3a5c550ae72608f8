package dev.millpond.cache.internal;

import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.function.LongConsumer;

/**
 * How long, and in which steps, a reader waits while somebody else loads.
 *
 * @param leaseTime how long a lease lasts, and how long a reader waits for one
 * @param ticker the source of elapsed time
 * @param sleeper waits for so many nanoseconds
 */
record LeaseWait(Duration leaseTime, Ticker ticker, LongConsumer sleeper) {

    private static final long FIRST_PAUSE_NANOS = 1_000_000;
    private static final long LONGEST_PAUSE_NANOS = 32_000_000;

    /** Begins a wait. */
    Turn begin() {
        return new Turn(ticker.read() + leaseTime.toNanos());
    }

    /** One reader's wait. */
    final class Turn {

        private final long deadline;
        private long pause = FIRST_PAUSE_NANOS;

        private Turn(long deadline) {
            this.deadline = deadline;
        }

        /** Waits a little, longer each time; returns false if the reader has waited enough or was interrupted. */
        boolean pause() {
            if (ticker.read() - deadline >= 0 || Thread.currentThread().isInterrupted()) {
                return false;
            }
            sleeper.accept(pause);
            pause = Math.min(LONGEST_PAUSE_NANOS, pause * 2);
            return true;
        }
    }
}
