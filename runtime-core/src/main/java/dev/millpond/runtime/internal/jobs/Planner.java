package dev.millpond.runtime.internal.jobs;

import dev.millpond.runtime.Job;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** Knows when each job is due; a pure function of the jobs, of what was ordered, and of the time. Immutable. */
final class Planner {

    /** Where jobs are placed must not depend on the day on which a node starts. A Monday, and the first of a month. */
    private static final long SAMPLE_DAY = 1_704_067_200_000L;

    private static final long SAMPLE_DAYS = 366L * 24 * 60 * 60 * 1_000;
    private static final int SAMPLES = 300;
    private static final int SAMPLES_IN_ALL = 1_500;

    private final Map<String, PeriodicSchedule> periodic;
    private final Map<String, Schedule> crons = new HashMap<>();
    private final long shift;

    /**
     * Places jobs.
     *
     * @param shift by how many milliseconds all start later
     */
    Planner(Collection<Job> jobs, boolean staggered, long shift) {
        jobs.forEach(job -> job.cron()
                .ifPresent(expression -> crons.put(
                        job.name(), new GuardedSchedule(job.name(), CronSchedule.parse(expression, job.zone())))));
        List<Job> withPeriod =
                jobs.stream().filter(job -> job.period().isPresent()).toList();
        this.periodic = staggered ? StaggerPlan.place(withPeriod, sampleOfCrons()) : StaggerPlan.allAtOnce(withPeriod);
        this.shift = shift;
    }

    /** Returns the part of a time that a namespace has, in milliseconds. */
    static long shift(String namespace, Duration most) {
        CRC32 digest = new CRC32();
        digest.update(namespace.getBytes(StandardCharsets.UTF_8));
        return most.toMillis() == 0 ? 0 : digest.getValue() % most.toMillis();
    }

    private long[] sampleOfCrons() {
        int each = Math.min(SAMPLES, Math.max(1, SAMPLES_IN_ALL / Math.max(1, crons.size())));
        return crons.values().stream()
                .flatMapToLong(cron ->
                        starts(cron, SAMPLE_DAY - 1).limit(each).takeWhile(start -> start < SAMPLE_DAY + SAMPLE_DAYS))
                .toArray();
    }

    /** Returns all times after a moment at which something is due. */
    static LongStream starts(Schedule schedule, long after) {
        return LongStream.iterate(schedule.next(after), start -> start != Schedule.NEVER, schedule::next);
    }

    /** Returns when a job is due. */
    Schedule schedule(String job, JobBook orders) {
        PeriodicSchedule every = periodic(job, orders);
        Schedule schedule = every != null ? every : crons.getOrDefault(job, Schedule.NONE);
        return shift == 0 ? schedule : schedule.shiftedBy(shift);
    }

    /** Returns when in its period a job starts; empty if it has no period. */
    Optional<Duration> offset(String job, JobBook orders) {
        return Optional.ofNullable(periodic(job, orders)).map(schedule -> Duration.ofMillis(schedule.offset()));
    }

    private @Nullable PeriodicSchedule periodic(String job, JobBook orders) {
        PeriodicSchedule placed = periodic.get(job);
        JobBook.OffsetOrder order = orders.offsets().get(job);
        return placed == null || order == null
                ? placed
                // The period may be another one than when the offset was ordered.
                : new PeriodicSchedule(placed.period(), order.millis() % placed.period());
    }

    /** Returns who starts together with whom; of jobs by cron expressions, within 24 hours. */
    Collisions collisions(JobBook orders, long now) {
        Map<String, PeriodicSchedule> inForce = new HashMap<>(periodic);
        inForce.replaceAll((name, placed) -> Objects.requireNonNull(periodic(name, orders)));
        return Collisions.find(inForce, crons, now);
    }
}
