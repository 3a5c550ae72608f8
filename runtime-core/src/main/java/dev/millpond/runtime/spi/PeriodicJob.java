package dev.millpond.runtime.spi;

import java.time.Duration;
import java.util.Optional;

/**
 * A job that starts once per period; immutable.
 *
 * @param name what tells it from the other jobs of a plan
 * @param period 1 ms or more, in whole milliseconds
 * @param offset when in the period it starts, from zero to less than the period; empty to be {@linkplain StaggerPlan
 *     placed}
 */
public record PeriodicJob(String name, Duration period, Optional<Duration> offset) {

    /**
     * Checks the job.
     *
     * @throws IllegalArgumentException if the period or the offset is out of its range
     */
    public PeriodicJob {
        if (period.toMillis() < 1) {
            throw new IllegalArgumentException("Period of job '" + name + "' is " + period
                    + ", must be 1 ms or more. Use for example Duration.ofMinutes(5).");
        }
        if (offset.isPresent() && (offset.get().isNegative() || offset.get().compareTo(period) >= 0)) {
            throw new IllegalArgumentException("Offset of job '" + name + "' is " + offset.get()
                    + ", must be 0 or more and less than its period of " + period
                    + ". Leave it out to have it placed.");
        }
    }

    /** Creates a job that is to be placed. */
    public PeriodicJob(String name, Duration period) {
        this(name, period, Optional.empty());
    }

    /** Returns this job with an offset of its own. */
    public PeriodicJob withOffset(Duration offset) {
        return new PeriodicJob(name, period, Optional.of(offset));
    }
}
