package dev.millpond.runtime.internal.jobs;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits until jobs are due; thread-safe. */
final class Ticks {

    /** Clocks can be set, and a process can be frozen: so the clock is looked at again before long. */
    private static final long LONGEST_WAIT = 1_000;

    private static final Logger log = LoggerFactory.getLogger(Ticks.class);

    private final InstantSource clock;
    private final JobTimer timer;
    private final Consumer<Due> jobs;
    private final Map<String, Schedule> schedules = new TreeMap<>();
    private final Map<String, Long> next = new TreeMap<>();
    private long last = Long.MIN_VALUE;
    private int chain;

    /**
     * Creates it without schedules.
     *
     * @param jobs are told that they are due, on the thread of the timer
     */
    Ticks(InstantSource clock, JobTimer timer, Consumer<Due> jobs) {
        this.clock = clock;
        this.timer = timer;
        this.jobs = jobs;
    }

    /** Goes by schedules from now on, in place of those before. */
    synchronized void follow(Map<String, Schedule> byJob) {
        schedules.clear();
        byJob.forEach((job, schedule) -> schedules.put(job, new GuardedSchedule(job, schedule)));
        long now = clock.instant().toEpochMilli();
        // What is due, and has not been told yet, must not be missed.
        schedules.forEach((job, schedule) ->
                next.merge(job, schedule.next(now), (before, after) -> before <= now ? before : after));
        int begun = ++chain;
        timer.after(Duration.ZERO, () -> tick(begun));
    }

    /** Returns when a job is due next, in milliseconds since the epoch. */
    synchronized long next(String job) {
        return next.getOrDefault(job, Schedule.NEVER);
    }

    /** Forgets all schedules. */
    synchronized void close() {
        chain++;
        next.clear();
    }

    private void tick(int begun) {
        due(begun).forEach(this::tell);
    }

    private void tell(Due due) {
        try {
            jobs.accept(due);
        } catch (RuntimeException e) {
            log.warn("Job '{}' was due and could not be looked after. {}", due.job(), FailureText.of(e));
        }
    }

    /** Whatever goes wrong, time is looked at again. */
    private synchronized List<Due> due(int begun) {
        if (begun != chain) {
            return List.of();
        }
        try {
            return dueAt(clock.instant().toEpochMilli());
        } finally {
            timer.after(Duration.ofMillis(pause()), () -> tick(begun));
        }
    }

    private List<Due> dueAt(long now) {
        if (now < last) {
            plan(now);
        }
        last = now;
        List<Due> due = new ArrayList<>();
        next.forEach((job, time) -> {
            if (time <= now) {
                due.add(latest(job, time, now));
            }
        });
        due.forEach(each -> next.put(each.job(), schedule(each.job()).next(now)));
        return due;
    }

    private void plan(long now) {
        next.clear();
        schedules.forEach((job, schedule) -> next.put(job, schedule.next(now)));
    }

    private Schedule schedule(String job) {
        return schedules.getOrDefault(job, Schedule.NONE);
    }

    /** Of the times that this process missed because it stood still, the last one counts. */
    private Due latest(String job, long time, long now) {
        Schedule schedule = schedule(job);
        long latest = schedule.next(time) > now ? time : schedule.latest(time, now);
        return new Due(job, latest, schedule.gapAfter(latest), "");
    }

    private long pause() {
        long earliest = next.values().stream().min(Long::compare).orElse(Schedule.NEVER);
        return Math.max(1, Math.min(LONGEST_WAIT, earliest == Schedule.NEVER ? LONGEST_WAIT : earliest - last));
    }
}
