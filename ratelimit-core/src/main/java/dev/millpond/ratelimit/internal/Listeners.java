package dev.millpond.ratelimit.internal;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.ratelimit.RateLimitDecision;
import dev.millpond.ratelimit.spi.DecisionListener;
import dev.millpond.runtime.spi.OccasionalLog;
import java.time.Duration;
import java.util.List;
import org.slf4j.LoggerFactory;

/** Tells listeners about decisions; none of them can spoil one. */
final class Listeners {

    private final List<DecisionListener> listeners;
    private final Ticker ticker;
    private final OccasionalLog log;

    Listeners(List<DecisionListener> listeners, Ticker ticker) {
        this.listeners = List.copyOf(listeners);
        this.ticker = ticker;
        this.log = new OccasionalLog(LoggerFactory.getLogger(Listeners.class), ticker);
    }

    /** Reports a decision begun at a moment of elapsed time, and returns it. */
    RateLimitDecision report(RateLimitDecision decision, long begunAt) {
        if (listeners.isEmpty()) {
            return decision;
        }
        Duration latency = Duration.ofNanos(ticker.read() - begunAt);
        for (DecisionListener listener : listeners) {
            try {
                listener.onDecision(decision, latency);
            } catch (RuntimeException e) {
                log.warn(
                        "Decision listener {} failed with {}.",
                        listener.getClass().getName(),
                        e.toString());
            }
        }
        return decision;
    }
}
