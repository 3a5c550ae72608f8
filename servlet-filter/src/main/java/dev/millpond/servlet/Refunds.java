package dev.millpond.servlet;

import dev.millpond.ratelimit.RateLimitDecision;
import dev.millpond.ratelimit.RateLimitDecision.Outcome;
import dev.millpond.ratelimit.RateLimitRequest;
import dev.millpond.ratelimit.RateLimiter;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives requests their tokens back whose responses have certain statuses. */
final class Refunds {

    static final IntPredicate NEVER = status -> false;

    private static final Logger log = LoggerFactory.getLogger(RateLimitFilter.class);

    private final RateLimiter limiter;
    private final IntPredicate when;
    private final AtomicBoolean failed = new AtomicBoolean();

    Refunds(RateLimiter limiter, IntPredicate when) {
        this.limiter = limiter;
        this.when = when;
    }

    /** Tells whether a request has something to get back; what was decided without Redis was not charged there. */
    boolean concern(RateLimitDecision decision) {
        return !when.equals(NEVER)
                && (decision.outcome() == Outcome.ALLOWED || decision.outcome() == Outcome.ALLOWED_BURST);
    }

    /** Gives a request its tokens back if the status says so, without waiting. */
    void end(RateLimitRequest charged, OptionalInt status) {
        try {
            if (status.isPresent() && when.test(status.getAsInt())) {
                limiter.refundAsync(charged);
            }
        } catch (RuntimeException e) {
            if (failed.compareAndSet(false, true)) {
                log.error(
                        "The refund of a request threw, in refundWhen or in the rate limiter, which must not throw; the"
                                + " request stays charged. Further such requests are not logged.",
                        e);
            }
        }
    }
}
