package dev.millpond.ratelimit.internal.engine;

import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;

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

    /**
     * Returns the time left for one more call.
     *
     * @throws BucketContentionException if less than a quarter of the budget is left
     */
    Duration left() {
        Duration left = budget.minusNanos(ticker.read() - begunAt);
        if (left.multipliedBy(LEAST_SHARE).compareTo(budget) < 0) {
            throw new BucketContentionException("Other nodes changed the bucket until too little time was left.");
        }
        return left;
    }
}
