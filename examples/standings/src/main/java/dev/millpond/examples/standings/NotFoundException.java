package dev.millpond.examples.standings;

import java.io.Serial;

/** Says that there is no such group, team or match; the message is fit for clients. */
public final class NotFoundException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    /** Creates the exception with what was asked for and what there is. */
    public NotFoundException(String message) {
        super(message);
    }
}
