package dev.millpond.runtime.spi;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** Says that a shared state was not changed, or that nobody knows whether it was, and what to do about it. */
public final class StateNotChangedException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    /** Creates the exception. */
    public StateNotChangedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
