package dev.millpond.cache.internal;

import dev.millpond.cache.WarmUpReport;
import dev.millpond.runtime.JobRun;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Whoever started a warm-up.
 *
 * @param isCancelled tells whether it is to end
 * @param progress is told how far it is
 * @param ended is told what was done, also if that ends with a failure
 */
record WarmControl(BooleanSupplier isCancelled, Progress progress, Consumer<WarmUpReport> ended) {

    /** Lets it run to its end. */
    static WarmControl toTheEnd(Progress progress) {
        return new WarmControl(() -> false, progress, report -> {});
    }

    /** Lets it run as a job. */
    static WarmControl of(JobRun job, Consumer<WarmUpReport> ended) {
        return new WarmControl(job::isCancelled, job::progress, ended);
    }

    /** Takes notice of how many keys were looked at, of how many; zero if nobody knows. */
    @FunctionalInterface
    interface Progress {

        void at(long done, long total);
    }
}
