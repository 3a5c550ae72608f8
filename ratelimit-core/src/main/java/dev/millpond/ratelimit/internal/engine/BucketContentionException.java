package dev.millpond.ratelimit.internal.engine;

import java.io.Serial;

/**
 * Says that so many requests competed for one bucket that this one was not decided in time.
 *
 * <p>No tokens were taken for it. It carries no stack trace, since it comes with load.
 */
public final class BucketContentionException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    /** Creates the exception. */
    public BucketContentionException(String message) {
        super(message, null, false, false);
    }
}
