package dev.millpond.runtime.internal.jobs;

import dev.millpond.runtime.JobRun.Cause;
import dev.millpond.runtime.JobState.Result;
import dev.millpond.runtime.JobState.Status;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Logs how the runs of a job end: what went wrong, and what somebody waits for; thread-safe. */
final class RunLog {

    private static final Logger log = LoggerFactory.getLogger(RunLog.class);

    private final String job;
    private Optional<String> last = Optional.empty();
    private long alike;

    RunLog(String job) {
        this.job = job;
    }

    /**
     * Logs the end of a run. A failure is logged with its stack trace when it is another one than the last time, and
     * then not each time, since a job may fail each second for days.
     *
     * @param failure what its task threw; null if nothing
     */
    void ended(Result result, @Nullable Throwable failure) {
        try {
            if (result.status() == Status.FAILED) {
                failed(result, count(result.failure()), failure);
            } else {
                long unused = count(Optional.empty());
                log.atLevel(level(result)).log("Job '{}' {}", job, ProgressText.end(result));
            }
        } catch (RuntimeException e) {
            log.warn("Job '{}' has ended; how cannot be told. {}", job, FailureText.of(e));
        }
    }

    private synchronized long count(Optional<String> text) {
        alike = text.equals(last) ? alike + 1 : 1;
        last = text;
        return alike;
    }

    private void failed(Result result, long times, @Nullable Throwable failure) {
        if (times == 1) {
            log.atWarn().setCause(printable(failure)).log("Job '{}' {}", job, ProgressText.end(result));
        } else if (Long.bitCount(times) == 1) {
            log.warn("Job '{}' {} It failed like that {} times in a row.", job, ProgressText.end(result), times);
        }
    }

    /** Returns null for what fails when it is asked for its text, which a logger would do. */
    private static @Nullable Throwable printable(@Nullable Throwable failure) {
        return failure != null && FailureText.hasText(failure) ? failure : null;
    }

    private static Level level(Result result) {
        if (result.status() == Status.LOST) {
            return Level.WARN;
        }
        return result.cause() == Cause.SCHEDULE && result.status() == Status.SUCCEEDED ? Level.DEBUG : Level.INFO;
    }
}
