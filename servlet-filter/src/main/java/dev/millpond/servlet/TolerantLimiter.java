package dev.millpond.servlet;

import dev.millpond.ratelimit.Client;
import dev.millpond.ratelimit.RateLimitDecision;
import dev.millpond.ratelimit.RateLimiter;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a limiter what a request may do, and lets no mistake of the limiter or of the cost function fail the request.
 */
final class TolerantLimiter {

    private static final Logger log = LoggerFactory.getLogger(RateLimitFilter.class);

    private final RateLimiter limiter;
    private final ToLongFunction<HttpServletRequest> cost;
    private final AtomicBoolean limiterFailed = new AtomicBoolean();
    private final AtomicBoolean costWasNegative = new AtomicBoolean();

    TolerantLimiter(RateLimiter limiter, ToLongFunction<HttpServletRequest> cost) {
        this.limiter = limiter;
        this.cost = cost;
    }

    /** Returns the decision, or empty if the limiter threw. */
    Optional<RateLimitDecision> decide(Client client, HttpServletRequest request) {
        long tokens = costOf(request);
        try {
            return Optional.of(limiter.tryAcquire(client, tokens));
        } catch (RuntimeException e) {
            if (limiterFailed.compareAndSet(false, true)) {
                log.error(
                        "The rate limiter threw, which it must not; requests pass without a limit meanwhile."
                                + " Further such requests are not logged.",
                        e);
            }
            return Optional.empty();
        }
    }

    private long costOf(HttpServletRequest request) {
        long tokens = cost.applyAsLong(request);
        if (tokens < 0 && costWasNegative.compareAndSet(false, true)) {
            log.warn(
                    "The cost function of the rate-limit filter returned {}, must be 0 or more; 1 is charged instead."
                            + " Correct the function. Further such requests are not logged.",
                    tokens);
        }
        return tokens < 0 ? 1 : tokens;
    }
}
