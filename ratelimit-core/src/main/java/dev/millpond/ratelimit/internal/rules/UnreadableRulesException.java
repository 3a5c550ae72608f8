package dev.millpond.ratelimit.internal.rules;

import java.io.Serial;

/** Says why stored rules cannot be read. */
final class UnreadableRulesException extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    UnreadableRulesException(String message) {
        super(message);
    }
}
