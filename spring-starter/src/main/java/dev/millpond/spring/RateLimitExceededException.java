package dev.millpond.spring;

import dev.millpond.ratelimit.RateLimitDecision;
import java.io.Serial;

/** Says that a call of a method with {@link RateLimited} was denied. */
public final class RateLimitExceededException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final transient RateLimitDecision decision;

    /**
     * Creates the exception.
     *
     * @param method the name of the method
     * @param decision the denial
     */
    public RateLimitExceededException(String method, RateLimitDecision decision) {
        super("Call of " + method + " is denied by tier '" + decision.tier().name() + "'"
                + decision.retryAfter()
                        .map(wait -> "; retry in " + wait.plusMillis(999).toSeconds() + " s.")
                        .orElse("; its cost is above what the tier can hold."));
        this.decision = decision;
    }

    /** Returns the denial, with the time after which to try again. */
    public RateLimitDecision decision() {
        return decision;
    }
}
