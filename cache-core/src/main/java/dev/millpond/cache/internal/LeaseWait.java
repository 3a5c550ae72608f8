package dev.millpond.cache.internal;

import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

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

    /** Begins a wait, with the token of whoever is waited for, if anybody is. */
    Turn begin(byte @Nullable [] firstSeen) {
        return new Turn(ticker.read() + leaseTime.toNanos(), firstSeen);
    }

    /** One reader's wait. */
    final class Turn {

        private final long deadline;
        private long pause = FIRST_PAUSE_NANOS;

        private final byte @Nullable [] firstSeen;

        private Turn(long deadline, byte @Nullable [] firstSeen) {
            this.deadline = deadline;
            this.firstSeen = firstSeen;
        }

        /** Tells whether the wait began with this token and has lasted as long as any lease, without an interrupt. */
        boolean isFirstSeen(byte[] token) {
            return ticker.read() - deadline >= 0 && Arrays.equals(firstSeen, token);
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
