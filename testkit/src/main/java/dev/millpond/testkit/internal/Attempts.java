package dev.millpond.testkit.internal;

import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tries again what fails by bad luck: a port that was taken since it was chosen, a machine that stood still. */
final class Attempts {

    private static final Logger log = LoggerFactory.getLogger(Attempts.class);
    private static final int MOST = 3;

    private Attempts() {}

    /**
     * Returns what the first attempt gives that does not fail.
     *
     * @param what it is tried to start, for the log
     * @param attempt leaves nothing behind where it fails
     */
    static <T> T start(String what, Supplier<T> attempt) {
        for (int i = 1; i < MOST; i++) {
            try {
                return attempt.get();
            } catch (RuntimeException e) {
                log.warn("Attempt {} of {} to start the {} failed: {}", i, MOST, what, e.getMessage());
            }
        }
        return attempt.get();
    }
}
