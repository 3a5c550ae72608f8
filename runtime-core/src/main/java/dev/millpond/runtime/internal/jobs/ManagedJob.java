package dev.millpond.runtime.internal.jobs;

import dev.millpond.runtime.Job;
import dev.millpond.runtime.JobException;
import dev.millpond.runtime.JobRun.Cause;
import dev.millpond.runtime.JobState;
import dev.millpond.runtime.JobState.Progress;
import dev.millpond.runtime.JobState.Result;
import dev.millpond.runtime.JobState.Skip;
import dev.millpond.runtime.spi.RedisUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets one job run on this node at the start, when it is due, and on request, if nothing speaks against it;
 * thread-safe.
 */
final class ManagedJob implements Watched {

    /** A lease that ends by itself has ended a moment later. */
    private static final Duration AFTER_A_LEASE = Duration.ofMillis(10);

    private static final Duration WHILE_AWAY = Duration.ofSeconds(1);

    private final Job job;
    private final JobsNode node;
    private final JobOrders orders;
    private final BooleanSupplier on;
    private final JobSeat seat;
    private final RunLog log;
    private final CompletableFuture<Void> firstRun = new CompletableFuture<>();
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
        this.seat = new JobSeat(job);
        this.log = new RunLog(job.name());
    }

    /** Runs it at the start, if it is to. */
    void startFirst() {
        if (!job.isAtStart() || !isBeingStarted()) {
            firstRun.complete(null);
        }
    }

    private boolean isBeingStarted() {
        if (!on.getAsBoolean()) {
            seat.skipped(Skip.SWITCHED_OFF);
            return false;
        }
        return seat.waitForStart() && executeOrGiveUp(this::runFirst);
    }

    private void runFirst() {
        try {
            long asked = node.ticker().read();
            if (!closed && node.own().claim(Due.request(job.name(), Schedule.NEVER)) instanceof Claim.Granted granted) {
                perform(begin(Cause.START, granted.lease(), asked));
            }
        } finally {
            firstRun.complete(null);
        }
    }

    @Override
    public String name() {
        return job.name();
    }

    /** Returns how far the run at the start is. */
    @Override
    public Optional<Progress> progress() {
        return Optional.ofNullable(seat.running())
                .filter(run -> run.cause() == Cause.START)
                .map(RunningJob::progress);
    }

    /** Tells whether the run at the start has ended, or there is none. */
    @Override
    public boolean isOver() {
        return firstRun.isDone();
    }

    /** Is done when the run at the start has ended, or there is none. */
    CompletableFuture<Void> firstRun() {
        return firstRun;
    }

    /** Lets it run because it is due, unless something speaks against it; on the thread of the timer. */
    void due(Due due) {
        Optional<Skip> obstacle = obstacle();
        if (obstacle.isPresent()) {
            seat.skipped(obstacle.get());
        } else if (seat.admits(due)) {
            boolean unused = executeOrGiveUp(this::runDue);
        }
    }

    private boolean executeOrGiveUp(Runnable action) {
        boolean isExecuted = execute(action);
        if (!isExecuted) {
            seat.skipped(Skip.NO_THREAD);
            seat.free();
        }
        return isExecuted;
    }

    /** Returns false if no thread can be had, as when this process may not have more of them. */
    private boolean execute(Runnable action) {
        try {
            node.workers().execute(action);
            return true;
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            JobLog.noThread(job.name(), seat.withoutThread(), e);
            return false;
        }
    }

    private Optional<Skip> obstacle() {
        if (orders.paused(job.name()).isPresent()) {
            return Optional.of(Skip.PAUSED);
        }
        return on.getAsBoolean() ? Optional.empty() : Optional.of(Skip.SWITCHED_OFF);
    }

    private void runDue() {
        Due due = seat.take();
        if (closed) {
            return;
        }
        long asked = node.ticker().read();
        Claim claim = claimOrFree(due);
        if (claim instanceof Claim.Granted granted) {
            perform(begin(Cause.SCHEDULE, granted.lease(), asked));
        } else {
            seat.free();
            refused(due, claim);
        }
    }

    private Claim claimOrFree(Due due) {
        boolean decided = false;
        try {
            Optional<Skip> obstacle = obstacleAsOrdered();
            Claim claim = obstacle.isPresent() ? new Claim.Refused(obstacle.get()) : leases().claim(due);
            decided = true;
            return claim;
        } finally {
            if (!decided) {
                seat.free();
            }
        }
    }

    /** A node that has just started may not know what is ordered. */
    private Optional<Skip> obstacleAsOrdered() {
        return orders.known() || job.isOnEveryNode() ? obstacle() : Optional.of(Skip.REDIS_AWAY);
    }

    private Leases leases() {
        return job.isOnEveryNode() ? node.own() : node.fleet();
    }

    private boolean staleSoon(Due due) {
        return due.isStale(node.clock().instant().plus(WHILE_AWAY).toEpochMilli());
    }

    /**
     * Asks once more when a lease should have ended, in case that its holder is dead, and for some time while Redis is
     * away.
     */
    private void refused(Due due, Claim claim) {
        if (claim instanceof Claim.Refused refused && refused.reason() == Skip.REDIS_AWAY && !staleSoon(due)) {
            node.timer().after(WHILE_AWAY, () -> due(due));
        } else if (claim instanceof Claim.Refused refused) {
            seat.skipped(refused.reason());
        } else if (claim instanceof Claim.Held held && due.after().isEmpty()) {
            node.timer().after(held.left().plus(AFTER_A_LEASE), () -> due(due.after(held.holder())));
        } else {
            seat.skipped(Skip.RUNNING_ELSEWHERE);
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
        if (!seat.ask()) {
            throw notStarted("it is running on this node already. Wait for its end, or cancel it first.");
        }
        long asked = node.ticker().read();
        RunningJob run = begin(Cause.REQUEST, leaseOrFree(gap), asked);
        if (!execute(() -> perform(run))) {
            run.end(RunEnding.withoutThread());
            throw notStarted("no thread can be had for it. Try again later.");
        }
    }

    private Lease leaseOrFree(long gap) {
        boolean granted = false;
        try {
            Lease lease = granted(leases().claim(Due.request(job.name(), gap)));
            granted = true;
            return lease;
        } finally {
            if (!granted) {
                seat.free();
            }
        }
    }

    private Lease granted(Claim claim) {
        if (claim instanceof Claim.Granted granted) {
            return granted.lease();
        }
        throw claim instanceof Claim.Held
                ? notStarted("it is running on another node. Wait for its end, or cancel it there; the lease of a node"
                        + " that died ends within 10 s.")
                : notStarted(
                        "Redis does not answer, so nobody knows whether it runs on another node. Try again when Redis"
                                + " answers.",
                        new RedisUnavailableException("No lease could be asked for."));
    }

    private JobException notStarted(String reason) {
        return notStarted(reason, null);
    }

    private JobException notStarted(String reason, @Nullable Throwable cause) {
        return new JobException("Job '" + job.name() + "' was not started: " + reason, cause);
    }

    private RunningJob begin(Cause cause, Lease lease, long asked) {
        try {
            RunningJob run = new RunningJob(job, cause, lease, on, node, asked);
            run.withdrawn().thenAccept(result -> withdrawn(run, result));
            begin(run);
            return run;
        } catch (RuntimeException | Error e) {
            seat.free();
            letGo(lease);
            throw e;
        }
    }

    private void begin(RunningJob run) {
        seat.begin(run);
        if (closed) {
            run.ask(RunEnding.closed()); // it may have come too late to be seen when all were asked to end
        }
        Heartbeat.begin(node, run);
        ProgressReports.begin(node, run);
    }

    private void letGo(Lease lease) {
        if (!lease.forever()) {
            node.fleet().letGo(lease);
        }
    }

    private void withdrawn(RunningJob run, Result result) {
        letGo(run.lease());
        seat.end(result);
        log.ended(result, run.failure());
    }

    private void perform(RunningJob run) {
        run.perform().ifPresent(result -> ended(run, result));
    }

    private void ended(RunningJob run, Result result) {
        try {
            if (!run.lease().forever()) {
                node.fleet().release(run.lease());
            }
        } finally {
            seat.end(result);
            log.ended(result, run.failure());
        }
    }

    /** Asks the run to end; returns false if there is none. */
    boolean cancel(String by) {
        RunningJob run = seat.running();
        if (run != null) {
            run.end(RunEnding.cancelledBy(by));
        }
        return run != null;
    }

    /** Lets nothing begin any more, and asks what runs to end. */
    void close() {
        closed = true;
        RunningJob run = seat.running();
        if (run != null) {
            run.ask(RunEnding.closed());
        }
    }

    Job job() {
        return job;
    }

    /** Returns how it is, with what others know of it. */
    JobState state(Optional<Instant> nextRun, Optional<Duration> offset) {
        return seat.state(nextRun, offset, orders.offsetSet(job.name()), orders.paused(job.name()));
    }
}
