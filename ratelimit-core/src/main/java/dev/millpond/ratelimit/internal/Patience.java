package dev.millpond.ratelimit.internal;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.ratelimit.RateLimitDecision;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Asks again when tokens can be there, as long as that is before a deadline. */
record Patience(Ticker ticker, Pause pause) {

    /** Waits. */
    @FunctionalInterface
    interface Pause {

        /** Returns after this time, or fails at once if the thread is interrupted. */
        void take(Duration time) throws InterruptedException;
    }

    /**
     * One answer.
     *
     * @param digest of the first bucket that was asked; empty if none had to be
     * @param begunAt when it was asked for, in elapsed nanoseconds
     */
    record Attempt(RateLimitDecision decision, String digest, long begunAt) {

        private boolean canWait(Duration left) {
            Optional<Duration> retryAfter = decision.retryAfter();
            return !decision.allowed()
                    && retryAfter.isPresent()
                    && retryAfter.get().compareTo(left) <= 0;
        }
    }

    /** Returns the first attempt that is allowed, or cannot be followed by one that would be. */
    Attempt lastOf(Supplier<Attempt> attempts, Duration maxWait) throws InterruptedException {
        long begunAt = ticker.read();
        Attempt attempt = attempts.get();
        while (attempt.canWait(maxWait.minusNanos(ticker.read() - begunAt))) {
            pause.take(attempt.decision.retryAfter().orElseThrow());
            attempt = attempts.get();
        }
        return attempt;
    }

    /** Waits for as long as it says, by the timer of the JVM's futures. */
    static void pause(Duration time) throws InterruptedException {
        CompletableFuture<Boolean> timer =
                new CompletableFuture<Boolean>().completeOnTimeout(true, time.toNanos(), TimeUnit.NANOSECONDS);
        try {
            timer.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("A timer does not fail", e);
        } finally {
            timer.cancel(false); // so that an interrupted caller leaves nothing behind
        }
    }
}
