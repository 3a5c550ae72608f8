package dev.millpond.ratelimit.internal.engine;

import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.Optional;

/**
 * The moment at which an operation of several Redis calls must have ended.
 *
 * @param begunAt in elapsed nanoseconds
 */
record Deadline(Ticker ticker, long begunAt, Duration budget) {

    /** A call with less time would often fail, and so look as if Redis were away. */
    private static final int LEAST_SHARE = 4;

    static Deadline in(Duration budget, Ticker ticker) {
        return new Deadline(ticker, ticker.read(), budget);
    }

    Duration left() {
        return budget.minusNanos(ticker.read() - begunAt);
    }

    /** Returns what is left, or the limit of a single call if that is less. */
    Duration leftWithin(Optional<Long> limitNanos) {
        Duration left = left();
        return limitNanos
                .map(Duration::ofNanos)
                .filter(limit -> limit.compareTo(left) < 0)
                .orElse(left);
    }

    /** Tells whether less than a quarter of the budget is left, too little for one more call. */
    boolean tooLateForACall() {
        return left().multipliedBy(LEAST_SHARE).compareTo(budget) < 0;
    }
}
