package dev.millpond.ratelimit.internal.engine;

import java.io.Serial;

/**
 * Says that Redis answers, but took so long for the first calls of a decision that no time was left for the next.
 *
 * <p>No tokens were taken for it. It carries no stack trace, since it comes with every decision while Redis is slow.
 */
public final class RedisTooSlowException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    /** Creates the exception. */
    public RedisTooSlowException(String message) {
        super(message, null, false, false);
    }
}
