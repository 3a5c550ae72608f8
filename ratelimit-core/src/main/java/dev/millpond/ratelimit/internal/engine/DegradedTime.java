package dev.millpond.ratelimit.internal.engine;

import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Measures for how long decisions were made without Redis; thread-safe.
 *
 * <p>That begins with a decision that Redis did not make, and ends with one that it made. In between nobody may ask: as
 * long as Redis is away it goes on all the same, but a Redis that was only slow is taken for quick again after a while.
 */
final class DegradedTime {

    /** For how long one late answer says that Redis is slow. */
    static final Duration LATE_ANSWER_COUNTS = Duration.ofSeconds(1);

    private final Ticker ticker;
    private final BooleanSupplier available;
    private volatile boolean degraded;
    private volatile long failedAt;
    private long countedUntil;
    private long nanos;

    /**
     * Creates it.
     *
     * @param available whether Redis seems to be there
     */
    DegradedTime(Ticker ticker, BooleanSupplier available) {
        this.ticker = ticker;
        this.available = available;
    }

    /** Says that Redis did not decide; while that is so for everybody, it takes no lock. */
    void failed() {
        long now = ticker.read();
        if (degraded && !isQuiet(now)) {
            failedAt = now;
        } else {
            begin(now);
        }
    }

    private synchronized void begin(long now) {
        count(now);
        degraded = true;
        countedUntil = now;
        failedAt = now;
    }

    /** Says that Redis decided; while that is so for everybody, it takes no lock. */
    void answered() {
        if (degraded) {
            end();
        }
    }

    private synchronized void end() {
        count(ticker.read());
        degraded = false;
    }

    /** Says that Redis is back after it was away. */
    synchronized void back() {
        if (degraded) {
            countUntil(ticker.read());
            degraded = false;
        }
    }

    synchronized Duration total() {
        count(ticker.read());
        return Duration.ofNanos(nanos);
    }

    private void count(long now) {
        if (!degraded) {
            return;
        }
        boolean over = available.getAsBoolean() && isQuiet(now);
        countUntil(over ? failedAt + LATE_ANSWER_COUNTS.toNanos() : now);
        degraded = !over;
    }

    private void countUntil(long moment) {
        nanos += Math.max(0, moment - countedUntil);
        countedUntil = moment;
    }

    private boolean isQuiet(long now) {
        return now - failedAt > LATE_ANSWER_COUNTS.toNanos();
    }
}
