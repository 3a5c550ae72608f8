package dev.millpond.cache;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * Says that a warm-up has ended with its first failure, as {@link OnFailure#FAIL} demands, or as a job could load
 * nothing.
 */
public final class WarmUpException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final transient WarmUpReport report;

    /**
     * Creates the exception.
     *
     * @param report what was done until then
     * @param cause the failure, or null if it is older than the warm-up, or readers get stale values
     */
    public WarmUpException(WarmUpReport report, @Nullable Throwable cause) {
        super(message(report), cause);
        this.report = report;
    }

    private static String message(WarmUpReport report) {
        return report.ending() == WarmUpReport.Ending.FAILED
                ? "Warm-up '" + report.warmer() + "' has ended with its first failure, after " + report.loaded()
                        + " loads. Choose OnFailure.ACCUMULATE to go on with the other keys."
                : "Warm-up '" + report.warmer() + "' could load none of the " + report.failed()
                        + " keys that were to be loaded. The log has the first failure; look at the source.";
    }

    /** Returns what was done until then. */
    public WarmUpReport report() {
        return report;
    }
}
