package dev.millpond.runtime;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * Says that what somebody asked of a job was not done, or that nobody knows whether it was, and what to do about it.
 */
public final class JobException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param cause why Redis did not do what it had to for this; null if nothing of the kind was the reason
     */
    public JobException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
