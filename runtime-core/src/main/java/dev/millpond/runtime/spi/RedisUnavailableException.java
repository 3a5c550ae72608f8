package dev.millpond.runtime.spi;

import java.io.Serial;

/**
 * Says that Redis gave no answer within the budget, or was not asked because it is known to be away.
 *
 * <p>Callers of {@link RedisGuard} turn it into a degraded answer; it never reaches an application.
 */
public final class RedisUnavailableException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception for a call that was not sent; it carries no stack trace, since refusing must stay cheap.
     */
    public RedisUnavailableException(String message) {
        super(message, null, false, false);
    }

    /** Creates the exception for a call that was sent and failed. */
    public RedisUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
