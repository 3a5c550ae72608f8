package dev.millpond.runtime.internal.jobs;

import dev.millpond.runtime.Job;
import dev.millpond.runtime.JobTask;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Refuses what a job cannot be given. */
public final class JobChecks {

    private static final Duration LONGEST_PERIOD = Duration.ofDays(366);
    private static final Duration LONGEST_JITTER = Duration.ofDays(1);
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._:-]{1,128}");

    /** Five years with a day in each month, one of them a leap year. */
    private static final long TRIED_FROM = Instant.parse("2024-01-01T00:00:00Z").toEpochMilli();

    private static final long TRIED_UNTIL =
            Instant.parse("2029-01-01T00:00:00Z").toEpochMilli();
    private static final long TRIED_EVERY = Duration.ofDays(10).toMillis();

    private JobChecks() {}

    /** Returns a name if it can be a part of a key in Redis. */
    public static String name(String name) {
        Objects.requireNonNull(name, "Name of a job is null. Choose a name such as 'warm-up:standings'.");
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("Name of a job is '" + name
                    + "', must be 1 to 128 letters, digits, dots, hyphens, underscores or colons. Choose a name such"
                    + " as 'warm-up:standings'.");
        }
        return name;
    }

    /** Returns a task if it is there. */
    public static JobTask task(String job, JobTask task) {
        return Objects.requireNonNull(task, () -> "Job '" + job + "': its task is null. Give what it does.");
    }

    /** Returns a period if it goes with the offset. */
    public static Duration period(String job, Duration period, @Nullable Duration offset) {
        Objects.requireNonNull(
                period, () -> "Job '" + job + "': its period is null. Use for example Duration.ofMinutes(5).");
        if (period.compareTo(Duration.ofMillis(1)) < 0
                || period.compareTo(LONGEST_PERIOD) > 0
                || hasPartsOfMillis(period)) {
            throw new IllegalArgumentException("Job '" + job + "': its period is " + period
                    + ", must be 1 ms to 366 days, in whole milliseconds. Use for example Duration.ofMinutes(5).");
        }
        requireInside(job, period, offset);
        return period;
    }

    /** Returns an offset if it goes with the period. */
    public static Duration offset(String job, Duration offset, @Nullable Duration period) {
        Objects.requireNonNull(
                offset, () -> "Job '" + job + "': its offset is null. Leave it out to have the job placed.");
        if (offset.isNegative() || hasPartsOfMillis(offset)) {
            throw new IllegalArgumentException("Job '" + job + "': its offset is " + offset
                    + ", must be 0 or more, in whole milliseconds. Leave it out to have the job placed.");
        }
        requireInside(job, period, offset);
        return offset;
    }

    /** Returns a time by which jobs are shifted at most if it can be one. */
    static Duration jitter(Duration most) {
        if (most.isNegative() || most.compareTo(LONGEST_JITTER) > 0 || hasPartsOfMillis(most)) {
            throw new IllegalArgumentException("Jobs: jitter is " + most
                    + ", must be 0 to 24 hours, in whole milliseconds. Use for example Duration.ofMinutes(1), or leave"
                    + " it out for none.");
        }
        return most;
    }

    private static boolean hasPartsOfMillis(Duration time) {
        return time.toNanosPart() % 1_000_000 != 0;
    }

    private static void requireInside(String job, @Nullable Duration period, @Nullable Duration offset) {
        if (period != null && offset != null && offset.compareTo(period) >= 0) {
            throw new IllegalArgumentException("Job '" + job + "': its offset is " + offset
                    + ", must be less than its period of " + period + ". Leave it out to have the job placed.");
        }
    }

    /** Returns a cron expression if it is one. */
    public static String cron(String job, String expression, ZoneId zone) {
        Objects.requireNonNull(zone, () -> "Job '" + job + "': the zone is null. Use for example ZoneOffset.UTC.");
        Objects.requireNonNull(
                expression, () -> "Job '" + job + "': its cron expression is null. Use for example '0 30 4 * * *'.");
        requireCronUtils(job);
        requireNext(job, expression, parse(job, expression, zone));
        return expression;
    }

    private static Schedule parse(String job, String expression, ZoneId zone) {
        try {
            return CronSchedule.parse(expression, zone);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "Job '" + job + "': its cron expression is '" + expression + "', which cannot be read: "
                            + e.getMessage()
                            + ". Give second, minute, hour, day of month, month and day of week, such as '0 30 4 * * *'.",
                    e);
        }
    }

    /** Some expressions can be read, and fail in months that lack a day that they name. */
    private static void requireNext(String job, String expression, Schedule schedule) {
        long after = TRIED_FROM;
        while (after < TRIED_UNTIL) {
            try {
                after = Math.max(after + TRIED_EVERY, schedule.next(after));
            } catch (RuntimeException e) {
                throw new IllegalArgumentException(
                        "Job '" + job + "': its cron expression is '" + expression + "', which has no next time after "
                                + Instant.ofEpochMilli(after) + ": " + FailureText.of(e)
                                + ". Name days that each month has, or L for the last one.",
                        e);
            }
        }
    }

    private static void requireCronUtils(String job) {
        try {
            Class.forName("com.cronutils.parser.CronParser", false, JobChecks.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(
                    "Job '" + job + "' has a cron expression, which needs cron-utils on the class path. Add the"
                            + " dependency com.cronutils:cron-utils, or give the job a period.",
                    e);
        }
    }

    /** Checks that a job has neither a period nor a cron expression. */
    public static void hasNoSchedule(Job job) {
        if (job.period().isPresent() || job.cron().isPresent()) {
            throw new IllegalStateException(
                    "Job '" + job.name() + "' has a schedule already. Give it one period, or one cron expression.");
        }
    }

    /** Checks that a job has neither an offset nor a schedule that goes without. */
    public static void hasNoOffset(Job job) {
        if (job.offset().isPresent() || job.cron().isPresent()) {
            throw new IllegalStateException("Job '" + job.name()
                    + "' has an offset or a cron expression already. Give one offset, to a job with a period.");
        }
    }

    /** Checks that an offset is one in a period. */
    static void hasPeriodForOffset(Job job) {
        if (job.offset().isPresent() && job.period().isEmpty()) {
            throw new IllegalArgumentException(
                    "Job '" + job.name() + "' has an offset and no period. Give it a period, or no offset.");
        }
    }
}
