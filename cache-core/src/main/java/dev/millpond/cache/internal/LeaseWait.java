package dev.millpond.cache.internal;

import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How long, and in which steps, a reader waits while somebody else loads.
 *
 * @param leaseTime how long a lease lasts, and how long a reader waits for one
 * @param ticker the source of elapsed time
 * @param pause waits for a while, or until the key is said to have changed
 */
record LeaseWait(Duration leaseTime, Ticker ticker, Pause pause) {

    private static final long FIRST_PAUSE_NANOS = 1_000_000;
    private static final long LONGEST_PAUSE_NANOS = 32_000_000;

    /** Begins a wait for a key, with the token of whoever is waited for, if anybody is. */
    Turn begin(String key, byte @Nullable [] firstSeen) {
        return new Turn(key, ticker.read() + leaseTime.toNanos(), firstSeen);
    }

    /** A way to wait. */
    @FunctionalInterface
    interface Pause {

        /** Waits for so many nanoseconds at the most; returns earlier if the key may have changed. */
        void pause(String key, long nanos);
    }

    /** One reader's wait. */
    final class Turn {

        private final String key;
        private final long deadline;
        private final byte @Nullable [] firstSeen;
        private long next = FIRST_PAUSE_NANOS;
        private byte @Nullable [] announced;

        private Turn(String key, long deadline, byte @Nullable [] firstSeen) {
            this.key = key;
            this.deadline = deadline;
            this.firstSeen = firstSeen;
        }

        /** Tells whether the wait began with this token and has lasted as long as any lease, without an interrupt. */
        boolean isFirstSeen(byte[] token) {
            return isOver() && Arrays.equals(firstSeen, token);
        }

        /** Tells, the first time that this token is waited for, that it is time to let its holder know. */
        boolean announce(byte[] token) {
            boolean first = !isOver() && !Arrays.equals(announced, token);
            announced = token;
            return first;
        }

        /** Waits a little, longer each time; returns false if the reader has waited enough or was interrupted. */
        boolean pause() {
            if (isOver() || Thread.currentThread().isInterrupted()) {
                return false;
            }
            pause.pause(key, next);
            next = Math.min(LONGEST_PAUSE_NANOS, next * 2);
            return true;
        }

        private boolean isOver() {
            return ticker.read() - deadline >= 0;
        }
    }
}
