package dev.millpond.runtime;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** Says that a switch was not set, or that nobody knows whether it was, and what to do about it. */
public final class SwitchException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    /** Creates the exception. */
    public SwitchException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
