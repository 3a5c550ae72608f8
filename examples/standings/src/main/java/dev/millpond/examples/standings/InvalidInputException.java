package dev.millpond.examples.standings;

import java.io.Serial;

/** Says what is wrong with what a client sent; the message is fit for clients. */
public final class InvalidInputException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    /** Creates the exception with what was sent, the rule and the fix. */
    public InvalidInputException(String message) {
        super(message);
    }
}
