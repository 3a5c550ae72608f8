package dev.millpond.ratelimit.internal.engine;

import java.util.function.UnaryOperator;

/** A script with the constants of an expiry before it, as it is sent. */
final class SentScript {

    private final String text;
    private final UnaryOperator<String> change;

    /**
     * Creates the script.
     *
     * @param change what is done with the text each time before it is sent
     */
    SentScript(Expiry expiry, String script, UnaryOperator<String> change) {
        this.text = (expiry.constants() + script).intern(); // digests are looked up by it, in every call
        this.change = change;
    }

    String text() {
        return change.apply(text);
    }
}
