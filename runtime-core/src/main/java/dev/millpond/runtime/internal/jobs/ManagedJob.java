package dev.millpond.runtime.internal.jobs;

import dev.millpond.runtime.Job;
import dev.millpond.runtime.JobException;
import dev.millpond.runtime.JobRun.Cause;
import dev.millpond.runtime.JobState;
import dev.millpond.runtime.JobState.Progress;
import dev.millpond.runtime.JobState.Result;
import dev.millpond.runtime.JobState.Skip;
import dev.millpond.runtime.JobState.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One job on this node: whether it may start, what runs, and what became of it; thread-safe. */
final class ManagedJob {

    /** Where it is; it is in one place at a time, so it never runs twice at once. */
    private enum Stage {
        FREE,
        /** For a thread. */
        WAITING,
        /** For a lease. */
        ASKING,
        RUNNING
    }

    /** A lease that ends by itself has ended a moment later. */
    private static final Duration AFTER_A_LEASE = Duration.ofMillis(10);

    private final Job job;
    private final JobsNode node;
    private final JobOrders orders;
    private final BooleanSupplier on;
    private final JobRecord record = new JobRecord();
    private final CompletableFuture<Void> firstRun = new CompletableFuture<>();
    private Stage stage = Stage.FREE;
    private @Nullable Due waiting;
    private @Nullable RunningJob running;
    private volatile boolean closed;

    /**
     * Creates a job that is free.
     *
     * @param on whether its switch is on
     */
    ManagedJob(Job job, JobsNode node, JobOrders orders, BooleanSupplier on) {
        this.job = job;
        this.node = node;
        this.orders = orders;
        this.on = on;
    }

    /** Runs it at the start, if it is to. */
    void startFirst() {
        if (!job.isAtStart()) {
            firstRun.complete(null);
        } else if (!on.getAsBoolean()) {
            skipped(Skip.SWITCHED_OFF);
            firstRun.complete(null);
        } else if (enter(Stage.WAITING)) {
            node.workers().execute(this::runFirst);
        }
    }

    private void runFirst() {
        try {
            if (closed) {
                return;
            }
            long asked = node.ticker().read();
            if (node.own().claim(Due.request(job.name(), Schedule.NEVER)) instanceof Claim.Granted granted) {
                perform(begin(Cause.START, granted.lease(), asked));
            }
        } finally {
            firstRun.complete(null);
        }
    }

    /** Returns how far the run at the start is; empty unless it is on its way. */
    synchronized Optional<Progress> firstProgress() {
        return Optional.ofNullable(running)
                .filter(run -> run.cause() == Cause.START)
                .map(RunningJob::progress);
    }

    /** Is done when the run at the start has ended, or there is none. */
    CompletableFuture<Void> firstRun() {
        return firstRun;
    }

    /** Lets it run because it is due, unless something speaks against it; on the thread of the timer. */
    void due(Due due) {
        Optional<Skip> obstacle = obstacle();
        if (obstacle.isPresent()) {
            skipped(obstacle.get());
        } else if (admits(due)) {
            node.workers().execute(this::runDue);
        }
    }

    private Optional<Skip> obstacle() {
        if (orders.paused(job.name()).isPresent()) {
            return Optional.of(Skip.PAUSED);
        }
        return on.getAsBoolean() ? Optional.empty() : Optional.of(Skip.SWITCHED_OFF);
    }

    private synchronized boolean admits(Due due) {
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

    private void runDue() {
        Due due = take();
        if (closed) {
            return;
        }
        long asked = node.ticker().read();
        Claim claim = claimOrFree(due);
        if (claim instanceof Claim.Granted granted) {
            perform(begin(Cause.SCHEDULE, granted.lease(), asked));
        } else {
            free();
            refused(due, claim);
        }
    }

    private synchronized Due take() {
        Due due = waiting == null ? Due.request(job.name(), Schedule.NEVER) : waiting;
        waiting = null;
        stage = Stage.ASKING;
        return due;
    }

    /** Orders are looked at before the first run, since a node that has just started may not know them. */
    private Claim claimOrFree(Due due) {
        boolean decided = false;
        try {
            Optional<Skip> obstacle = orders.known() || job.isOnEveryNode() ? obstacle() : Optional.of(Skip.REDIS_AWAY);
            Claim claim = obstacle.isPresent() ? new Claim.Refused(obstacle.get()) : leases().claim(due);
            decided = true;
            return claim;
        } finally {
            if (!decided) {
                free();
            }
        }
    }

    private Leases leases() {
        return job.isOnEveryNode() ? node.own() : node.fleet();
    }

    /** Asks once more when a lease should have ended, in case that its holder is dead. */
    private void refused(Due due, Claim claim) {
        if (claim instanceof Claim.Refused refused) {
            skipped(refused.reason());
        } else if (claim instanceof Claim.Held held) {
            if (due.after().isEmpty()) {
                node.timer().after(held.left().plus(AFTER_A_LEASE), () -> due(due.after(held.holder())));
            } else {
                skipped(Skip.RUNNING_ELSEWHERE);
            }
        }
    }

    /**
     * Lets it run because somebody asked for it, unless something speaks against it; asks for a lease at once.
     *
     * @param gap from one due time to the next one
     */
    void runNow(long gap) {
        if (!on.getAsBoolean()) {
            throw notStarted("its switch '" + job.neededSwitch().orElseThrow() + "' is off. Turn it on first.");
        }
        if (!enter(Stage.ASKING)) {
            throw notStarted("it is running on this node already. Wait for its end, or cancel it first.");
        }
        boolean begun = false;
        try {
            long asked = node.ticker().read();
            RunningJob run = begin(Cause.REQUEST, granted(leases().claim(Due.request(job.name(), gap))), asked);
            begun = true;
            node.workers().execute(() -> perform(run));
        } finally {
            if (!begun) {
                free();
            }
        }
    }

    private Lease granted(Claim claim) {
        if (claim instanceof Claim.Granted granted) {
            return granted.lease();
        }
        throw claim instanceof Claim.Held
                ? notStarted(
                        "it is running on another node. Wait for its end, or cancel it there; the lease of a node that"
                                + " died ends within 10 s.")
                : notStarted(
                        "Redis does not answer, so nobody knows whether it runs on another node. Try again when Redis"
                                + " answers.");
    }

    private JobException notStarted(String reason) {
        return new JobException("Job '" + job.name() + "' was not started: " + reason, null);
    }

    private RunningJob begin(Cause cause, Lease lease, long asked) {
        RunningJob run =
                new RunningJob(cause, lease, on, node.ticker(), node.clock().instant(), asked);
        synchronized (this) {
            stage = Stage.RUNNING;
            running = run;
            record.began();
        }
        if (closed) {
            run.end(Status.CANCELLED); // it may have been too late to be seen when all were asked to end
        }
        Heartbeat.begin(node, run);
        ProgressReports.begin(node, run);
        return run;
    }

    private void perform(RunningJob run) {
        Result result = run.perform(job.task());
        if (!run.lease().forever()) {
            node.fleet().release(run.lease());
        }
        synchronized (this) {
            record.ended(result);
            running = null;
            stage = Stage.FREE;
        }
        JobLog.ended(job.name(), result);
    }

    private synchronized boolean enter(Stage next) {
        if (stage != Stage.FREE) {
            return false;
        }
        stage = next;
        return true;
    }

    private synchronized void free() {
        stage = Stage.FREE;
    }

    private synchronized void skipped(Skip reason) {
        record.skipped(reason);
    }

    /** Asks the run to end; returns false if there is none. */
    boolean cancel() {
        RunningJob run = running();
        if (run != null) {
            run.end(Status.CANCELLED);
        }
        return run != null;
    }

    /** Lets nothing begin any more, and asks what runs to end. */
    void close() {
        closed = true;
        boolean unused = cancel();
    }

    private synchronized @Nullable RunningJob running() {
        return running;
    }

    Job job() {
        return job;
    }

    /** Returns how it is, with what others know of it. */
    synchronized JobState state(Optional<Instant> nextRun, Optional<Duration> offset) {
        return new JobState(
                job.name(),
                schedule(),
                nextRun,
                offset,
                orders.offsetSet(job.name()),
                orders.paused(job.name()),
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
                .or(() -> job.cron().map(cron -> "cron " + cron + " " + job.zone()))
                .orElse("on request");
        return when + (job.isAtStart() ? ", at start" : "") + (job.isOnEveryNode() ? ", on every node" : "");
    }
}
