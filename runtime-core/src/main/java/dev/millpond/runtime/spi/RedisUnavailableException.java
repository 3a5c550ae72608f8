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

    private final boolean away;

    /**
     * Creates the exception for a call that was not sent; it carries no stack trace, since refusing must stay cheap.
     */
    public RedisUnavailableException(String message) {
        super(message, null, false, false);
        this.away = true;
    }

    /** Creates the exception for a call that was sent and got no answer. */
    public RedisUnavailableException(String message, Throwable cause) {
        this(message, cause, true);
    }

    /**
     * Creates the exception for a call that was sent and failed.
     *
     * @param away whether the cause says that Redis could not be reached or cannot serve
     */
    public RedisUnavailableException(String message, Throwable cause, boolean away) {
        super(message, cause);
        this.away = away;
    }

    /**
     * Tells whether Redis was too slow, could not be reached or cannot serve, which the connection itself reports;
     * false if it answered the command with another error, or the command failed in this process.
     */
    public boolean away() {
        return away;
    }
}
