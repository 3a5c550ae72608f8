package dev.millpond.ratelimit.spi;

import dev.millpond.ratelimit.RateLimitDecision;
import java.time.Duration;

/**
 * Is told every decision of a rate limiter, for example to count them.
 *
 * <p>Called on the thread that made the decision: that of a caller who waits for it, and for an asynchronous one
 * perhaps one of the Redis client or of a timer. So it must be thread-safe and must not block. What it throws is logged
 * and otherwise ignored. It learns neither client nor key.
 */
@FunctionalInterface
public interface DecisionListener {

    /**
     * Takes note of a decision.
     *
     * @param decision what was decided, by which tier
     * @param latency how long the decision took, Redis included
     */
    void onDecision(RateLimitDecision decision, Duration latency);
}
