package dev.millpond.ratelimit;

import java.io.Serial;

/**
 * Says that what an operator asked for was not done, and what to do about it.
 *
 * <p>Decisions never throw it; only {@link RateLimiter#changeRules} and {@link RateLimiter#forgetTier} do.
 */
public final class RateLimitException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    /** Creates the exception. */
    public RateLimitException(String message) {
        super(message);
    }

    /** Creates the exception for something that failed. */
    public RateLimitException(String message, Throwable cause) {
        super(message, cause);
    }
}
