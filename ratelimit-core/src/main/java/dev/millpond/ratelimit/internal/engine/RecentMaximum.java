package dev.millpond.ratelimit.internal.engine;

import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;

/** The largest of recent values: of the minute that is under way, and the one before; thread-safe. */
final class RecentMaximum {

    private static final long PERIOD = Duration.ofMinutes(1).toNanos();

    private final Ticker ticker;
    private volatile Minutes minutes;

    RecentMaximum(Ticker ticker) {
        this.ticker = ticker;
        this.minutes = new Minutes(ticker.read(), 0, 0);
    }

    void add(long value) {
        long now = ticker.read();
        Minutes known = minutes;
        if (value > known.largest || known.isOver(now)) {
            change(now, value);
        }
    }

    private synchronized void change(long now, long value) {
        minutes = minutes.at(now).with(value);
    }

    /** Returns zero if there are no recent values. */
    long value() {
        Minutes known = minutes.at(ticker.read());
        return Math.max(known.largest, known.before);
    }

    /**
     * The largest values of two minutes.
     *
     * @param begunAt when the later one began
     */
    private record Minutes(long begunAt, long largest, long before) {

        boolean isOver(long now) {
            return now - begunAt >= PERIOD;
        }

        Minutes at(long now) {
            if (!isOver(now)) {
                return this;
            }
            return new Minutes(now, 0, now - begunAt < 2 * PERIOD ? largest : 0);
        }

        Minutes with(long value) {
            return new Minutes(begunAt, Math.max(largest, value), before);
        }
    }
}
