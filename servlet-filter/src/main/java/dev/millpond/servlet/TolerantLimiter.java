package dev.millpond.servlet;

import dev.millpond.ratelimit.RateLimitDecision;
import dev.millpond.ratelimit.RateLimitRequest;
import dev.millpond.ratelimit.RateLimiter;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks a limiter what a request may do, and lets no mistake of the limiter fail the request. */
final class TolerantLimiter {

    private static final Logger log = LoggerFactory.getLogger(RateLimitFilter.class);

    private final RateLimiter limiter;
    private final AtomicBoolean failed = new AtomicBoolean();

    TolerantLimiter(RateLimiter limiter) {
        this.limiter = limiter;
    }

    /** Returns the decision, or empty if the limiter threw. */
    Optional<RateLimitDecision> decide(RateLimitRequest asked) {
        try {
            return Optional.of(limiter.tryAcquire(asked));
        } catch (RuntimeException e) {
            if (failed.compareAndSet(false, true)) {
                log.error(
                        "The rate limiter threw, which it must not; requests pass without a limit meanwhile."
                                + " Further such requests are not logged.",
                        e);
            }
            return Optional.empty();
        }
    }
}
