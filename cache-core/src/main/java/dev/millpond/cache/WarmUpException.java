package dev.millpond.cache;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** Says that a warm-up has ended with its first failure, as {@link OnFailure#FAIL} demands. */
public final class WarmUpException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final transient WarmUpReport report;

    /**
     * Creates the exception.
     *
     * @param report what was done until then
     * @param cause the failure, or null where readers get stale values in its place
     */
    public WarmUpException(WarmUpReport report, @Nullable Throwable cause) {
        super(
                "Warm-up '" + report.warmer() + "' has ended with its first failure, after " + report.loaded()
                        + " loads. Choose OnFailure.ACCUMULATE to go on with the other keys.",
                cause);
        this.report = report;
    }

    /** Returns what was done until then. */
    public WarmUpReport report() {
        return report;
    }
}
