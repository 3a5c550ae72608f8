package dev.millpond.cache;

import java.io.Serial;

/**
 * Says that a value could not be loaded and no other could be served instead.
 *
 * <p>The cause is what the loader threw, or null if it was not asked.
 */
public final class CacheLoadException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    /** Creates the exception for a load that did not take place; the message says why. */
    public CacheLoadException(String message) {
        super(message);
    }

    /** Creates the exception for a failed load of the named cache. */
    public CacheLoadException(String message, Throwable cause) {
        super(message, cause);
    }
}
