package dev.millpond.ratelimit.spi;

import dev.millpond.ratelimit.RateLimitDecision;
import org.jspecify.annotations.Nullable;

/**
 * Surrounds every decision of a rate limiter, for example with a span of a trace.
 *
 * <p>Must be thread-safe and must not block. What it throws is logged and otherwise ignored. It learns neither client
 * nor key. Whoever only counts decisions uses a {@link DecisionListener}.
 */
@FunctionalInterface
public interface DecisionObserver {

    /** Is called when a decision begins, on the thread that asks for it; returns what is told its end. */
    Observed begin();

    /** One decision under way. */
    @FunctionalInterface
    interface Observed {

        /**
         * Is called once, on the thread that made the decision: that of a caller who waits for it, and for an
         * asynchronous one perhaps one of the Redis client or of a timer.
         *
         * @param decision what was decided, or null if the decision failed
         * @param failure why it failed, or null; never because of Redis
         */
        void ended(@Nullable RateLimitDecision decision, @Nullable Throwable failure);
    }
}
