package dev.millpond.cache;

import java.io.Serial;

/** Says that a loader failed and no value could be served instead; the cause is what the loader threw. */
public final class CacheLoadException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    /** Creates the exception for a failed load of the named cache. */
    public CacheLoadException(String message, Throwable cause) {
        super(message, cause);
    }
}
