package dev.millpond.ratelimit.internal.engine;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.runtime.spi.RedisUnavailableException;
import java.time.Duration;

/** The moment at which an operation of several Redis calls must have ended. */
record Deadline(Ticker ticker, long nanos) {

    static Deadline in(Duration budget, Ticker ticker) {
        return new Deadline(ticker, ticker.read() + budget.toNanos());
    }

    /**
     * Returns the time left.
     *
     * @throws RedisUnavailableException if none is left
     */
    Duration left() {
        long left = nanos - ticker.read();
        if (left <= 0) {
            throw new RedisUnavailableException("A rate limit decision found no end within its time");
        }
        return Duration.ofNanos(left);
    }
}
