package dev.millpond.runtime.internal.jobs;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A schedule of which it is not sure that it can always say when a job is due; thread-safe. */
final class GuardedSchedule implements Schedule {

    private static final long DAY = Duration.ofDays(1).toMillis();

    /** Whatever fails in one month may do again in the next. */
    private static final int MOST_DAYS = 62;

    private static final Logger log = LoggerFactory.getLogger(GuardedSchedule.class);

    private final String job;
    private final Schedule schedule;
    private final AtomicBoolean told = new AtomicBoolean();

    GuardedSchedule(String job, Schedule schedule) {
        this.job = job;
        this.schedule = schedule;
    }

    /** Returns the first time that can be found; where it fails it looks a day later. */
    @Override
    public long next(long after) {
        for (int day = 0; day < MOST_DAYS; day++) {
            long from = after + day * DAY;
            try {
                return schedule.next(from);
            } catch (RuntimeException e) {
                tell(from, e);
            }
        }
        return NEVER;
    }

    private void tell(long after, RuntimeException failure) {
        if (told.compareAndSet(false, true)) {
            log.warn(
                    "Job '{}' cannot be planned after {}; a day later is tried. Give it another cron expression. {}",
                    job,
                    Instant.ofEpochMilli(after),
                    FailureText.of(failure));
        }
    }
}
