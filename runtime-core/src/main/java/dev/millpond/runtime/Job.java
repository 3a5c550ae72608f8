package dev.millpond.runtime;

import dev.millpond.runtime.internal.jobs.JobChecks;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A job, and when it runs; immutable: each method that changes something returns a changed copy.
 *
 * <pre>{@code
 * Job.of("clean:standings", run -> Map.of("deleted", cleaner.run()))
 *         .every(Duration.ofMinutes(5))
 *         .atStart()
 *         .whileOn(Switch.WARM_UP);
 * }</pre>
 *
 * <p>A job with neither a period nor a cron expression runs at the start, if it is told to, and when somebody
 * {@linkplain Jobs#runNow asks for it}.
 */
public final class Job {

    private static final Timing ON_REQUEST = new Timing(null, null, null, ZoneOffset.UTC);

    private final String name;
    private final JobTask task;
    private final Timing timing;
    private final boolean startsAtStart;
    private final boolean runsOnEveryNode;
    private final @Nullable Switch neededSwitch;

    private Job(
            String name,
            JobTask task,
            Timing timing,
            boolean startsAtStart,
            boolean runsOnEveryNode,
            @Nullable Switch neededSwitch) {
        this.name = name;
        this.task = task;
        this.timing = timing;
        this.startsAtStart = startsAtStart;
        this.runsOnEveryNode = runsOnEveryNode;
        this.neededSwitch = neededSwitch;
    }

    /**
     * Creates a job that runs when somebody asks for it.
     *
     * @param name the same on all nodes; 1 to 128 letters, digits, dots, hyphens, underscores and colons
     * @throws IllegalArgumentException if the name has other characters or another length
     */
    public static Job of(String name, JobTask task) {
        return new Job(JobChecks.name(name), JobChecks.task(name, task), ON_REQUEST, false, false, null);
    }

    /**
     * Lets it run once per period: whenever the time since the epoch of UTC, less its offset, is a multiple of it.
     *
     * @param period 1 ms to 366 days, in whole milliseconds; the same on all nodes
     * @throws IllegalArgumentException if it is out of this range, or not more than the offset
     * @throws IllegalStateException if the job has a period or a cron expression already
     */
    public Job every(Duration period) {
        JobChecks.hasNoSchedule(this);
        return with(new Timing(JobChecks.period(name, period, timing.offset), timing.offset, null, timing.zone));
    }

    /**
     * Sets when in its period it starts; by default the jobs {@linkplain Jobs.Builder#staggered place} it.
     *
     * @param offset zero or more, and less than the period; the same on all nodes
     * @throws IllegalArgumentException if it is out of this range
     * @throws IllegalStateException if the job has an offset or a cron expression already
     */
    public Job offset(Duration offset) {
        JobChecks.hasNoOffset(this);
        return with(new Timing(timing.period, JobChecks.offset(name, offset, timing.period), null, timing.zone));
    }

    /** Lets it run as a cron expression says, in UTC; otherwise like {@link #cron(String, ZoneId)}. */
    public Job cron(String expression) {
        return cron(expression, ZoneOffset.UTC);
    }

    /**
     * Lets it run as a cron expression says.
     *
     * <p>A time that clocks leave out when they are turned forward is not run that day. One that comes twice when they
     * are turned back is run once, while steps such as every half an hour go on in both hours.
     *
     * @param expression six fields as in Spring: second, minute, hour, day of month, month, day of week; for example
     *     {@code 0 30 4 * * MON-FRI}, or a macro such as {@code @daily}
     * @param zone whose clock counts
     * @throws IllegalArgumentException if it is no such expression, or one that fails in months without a day that it
     *     names, such as {@code 31W}
     * @throws IllegalStateException if the job has a period, an offset or a cron expression already, or if
     *     {@code com.cronutils:cron-utils} is not on the class path
     */
    public Job cron(String expression, ZoneId zone) {
        JobChecks.hasNoSchedule(this);
        JobChecks.hasNoOffset(this);
        return with(new Timing(null, null, JobChecks.cron(name, expression, zone), zone));
    }

    /**
     * Lets it run also once when the jobs are started: on each node, at once, and without asking Redis.
     *
     * <p>If it is due while that run is on its way, that counts as an overrun.
     */
    public Job atStart() {
        return new Job(name, task, timing, true, runsOnEveryNode, neededSwitch);
    }

    /** Lets each node run it when it is due, instead of one of the fleet; then it needs no Redis. */
    public Job onEveryNode() {
        return new Job(name, task, timing, startsAtStart, true, neededSwitch);
    }

    /**
     * Lets it not begin, and cancels it, while a switch is off; without {@linkplain Jobs.Builder#switches switches} all
     * are on.
     */
    public Job whileOn(Switch which) {
        return new Job(name, task, timing, startsAtStart, runsOnEveryNode, which);
    }

    private Job with(Timing other) {
        return new Job(name, task, other, startsAtStart, runsOnEveryNode, neededSwitch);
    }

    /** Returns the name. */
    public String name() {
        return name;
    }

    /** Returns what it does. */
    public JobTask task() {
        return task;
    }

    /** Returns its period; empty if it has none. */
    public Optional<Duration> period() {
        return Optional.ofNullable(timing.period);
    }

    /** Returns the offset that it was given; empty if it is to be placed, or has no period. */
    public Optional<Duration> offset() {
        return Optional.ofNullable(timing.offset);
    }

    /** Returns its cron expression; empty if it has none. */
    public Optional<String> cron() {
        return Optional.ofNullable(timing.cron);
    }

    /** Returns whose clock counts for the cron expression. */
    public ZoneId zone() {
        return timing.zone;
    }

    /** Tells whether it runs also when the jobs are started. */
    public boolean isAtStart() {
        return startsAtStart;
    }

    /** Tells whether each node runs it when it is due. */
    public boolean isOnEveryNode() {
        return runsOnEveryNode;
    }

    /** Returns the switch while which it runs; empty if it needs none. */
    public Optional<Switch> neededSwitch() {
        return Optional.ofNullable(neededSwitch);
    }

    private record Timing(
            @Nullable Duration period,
            @Nullable Duration offset,
            @Nullable String cron,
            ZoneId zone) {}
}
