package dev.millpond.runtime.internal.jobs;

import dev.millpond.runtime.Job;
import dev.millpond.runtime.JobState;
import dev.millpond.runtime.JobState.Order;
import dev.millpond.runtime.JobState.Result;
import dev.millpond.runtime.JobState.Skip;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a job is on this node, and what became of it so far; thread-safe.
 *
 * <p>It is at one stage at a time, so it never runs twice at once.
 */
final class JobSeat {

    private enum Stage {
        FREE,
        /** For a thread. */
        WAITING,
        /** For a lease. */
        ASKING,
        RUNNING
    }

    private final Job job;
    private final JobRecord record = new JobRecord();
    private Stage stage = Stage.FREE;
    private @Nullable Due waiting;
    private @Nullable RunningJob running;
    private long withoutThread;

    JobSeat(Job job) {
        this.job = job;
    }

    /** Lets it wait for a thread to run at the start. */
    synchronized boolean waitForStart() {
        return enter(Stage.WAITING);
    }

    /** Lets it wait for a lease that somebody asks for; returns false if it is not free. */
    synchronized boolean ask() {
        return enter(Stage.ASKING);
    }

    private boolean enter(Stage next) {
        if (stage != Stage.FREE) {
            return false;
        }
        stage = next;
        return true;
    }

    /** Lets it wait for a thread because it is due; returns false if it is not free, which is counted. */
    synchronized boolean admits(Due due) {
        switch (stage) {
            case FREE -> {
                stage = Stage.WAITING;
                waiting = due;
                return true;
            }
            case WAITING -> {
                record.skipped(Skip.NO_THREAD);
                waiting = waiting == null ? null : due;
            }
            case ASKING -> record.skipped(Skip.REDIS_AWAY);
            case RUNNING -> {
                record.overrun();
                JobLog.overrun(job.name(), record.overruns());
            }
        }
        return false;
    }

    /** Returns what it waited for; from then on it waits for a lease. */
    synchronized Due take() {
        Due due = waiting == null ? Due.request(job.name(), Schedule.NEVER) : waiting;
        waiting = null;
        stage = Stage.ASKING;
        return due;
    }

    /** Lets it run. */
    synchronized void begin(RunningJob run) {
        stage = Stage.RUNNING;
        running = run;
        record.began();
    }

    /** Lets it be free, with a result. */
    synchronized void end(Result result) {
        record.ended(result);
        running = null;
        stage = Stage.FREE;
    }

    /** Lets it be free without having run. */
    synchronized void free() {
        waiting = null;
        running = null;
        stage = Stage.FREE;
    }

    /** Returns how often no thread could be had, with this time. */
    synchronized long withoutThread() {
        return ++withoutThread;
    }

    synchronized void skipped(Skip reason) {
        record.skipped(reason);
    }

    /** Returns the run that is on its way; null if there is none. */
    synchronized @Nullable RunningJob running() {
        return running;
    }

    /** Returns how it is, with what others know of it. */
    synchronized JobState state(
            Optional<Instant> nextRun, Optional<Duration> offset, Optional<Order> offsetSet, Optional<Order> paused) {
        return new JobState(
                job.name(),
                schedule(),
                nextRun,
                offset,
                offsetSet,
                paused,
                Optional.ofNullable(running).map(RunningJob::progress),
                record.last(),
                record.runs(),
                record.failures(),
                record.overruns(),
                record.skips());
    }

    private String schedule() {
        String when = job.period()
                .map(period -> "every " + period)
                .or(() -> job.cron().map(cron -> "cron " + cron + " " + zone()))
                .orElse("on request");
        return when + (job.isAtStart() ? ", at start" : "") + (job.isOnEveryNode() ? ", on every node" : "");
    }

    private String zone() {
        return job.zone().equals(ZoneOffset.UTC) ? "UTC" : job.zone().toString();
    }
}
