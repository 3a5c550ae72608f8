package dev.millpond.runtime.internal.jobs;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the log says of runs that do not begin. */
final class JobLog {

    private static final Logger log = LoggerFactory.getLogger(JobLog.class);

    private JobLog() {}

    /** Logs a run that is still on its way; not each time, since it may be so for hours. */
    static void overrun(String job, long count) {
        if (Long.bitCount(count) == 1) {
            log.warn(
                    "Job '{}' was still running when it was due again, for the {}. time; it is not started twice. Give"
                            + " it a longer period, or less to do.",
                    job,
                    count);
        }
    }

    /** Logs that no thread can be had; not each time, since it may be so for long. */
    static void noThread(String job, long count, Throwable failure) {
        if (Long.bitCount(count) == 1) {
            log.warn(
                    "Job '{}' was not started, for the {}. time, since no thread can be had for it: {}. Let the process"
                            + " have more threads.",
                    job,
                    count,
                    FailureText.of(failure));
        }
    }
}
