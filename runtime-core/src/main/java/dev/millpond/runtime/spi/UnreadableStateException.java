package dev.millpond.runtime.spi;

import java.io.Serial;

/** Says why a stored state cannot be read. */
public final class UnreadableStateException extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message the reason, as a part of a sentence
     */
    public UnreadableStateException(String message) {
        super(message);
    }
}
