package dev.millpond.runtime.internal.jobs;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.runtime.Job;
import dev.millpond.runtime.JobRun;
import dev.millpond.runtime.JobState.Progress;
import dev.millpond.runtime.JobState.Result;
import dev.millpond.runtime.JobState.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A run of a job: its lease, how far it is, and whether it has to end; thread-safe. */
final class RunningJob implements JobRun {

    private final Job job;
    private final Cause cause;
    private final Lease lease;
    private final BooleanSupplier on;
    private final Ticker ticker;
    private final Instant startedAt;
    private final long begunAt;
    private final AtomicReference<@Nullable RunEnding> asked = new AtomicReference<>();
    private final TaskThread thread = new TaskThread();
    private final CompletableFuture<Result> withdrawn = new CompletableFuture<>();
    private volatile long renewedAt;
    private volatile long done;
    private volatile long total;
    private volatile Map<String, Long> counts = Map.of();
    private volatile @Nullable String stoppedBy;
    private volatile boolean over;
    private volatile @Nullable Throwable failure;

    /**
     * Begins a run.
     *
     * @param on whether its switch is on
     * @param claimedAt when the lease was asked for, by the ticker
     */
    RunningJob(Job job, Cause cause, Lease lease, BooleanSupplier on, JobsNode node, long claimedAt) {
        this.job = job;
        this.cause = cause;
        this.lease = lease;
        this.on = on;
        this.ticker = node.ticker();
        this.startedAt = node.clock().instant();
        this.begunAt = ticker.read();
        this.renewedAt = claimedAt;
    }

    @Override
    public String job() {
        return lease.job();
    }

    @Override
    public Cause cause() {
        return cause;
    }

    @Override
    public long fencingToken() {
        return lease.token();
    }

    @Override
    public boolean isCancelled() {
        look();
        return asked.get() != null;
    }

    private void look() {
        if (asked.get() != null) {
            return;
        }
        if (!on.getAsBoolean()) {
            end(RunEnding.switchedOff(job.neededSwitch().orElseThrow()));
        } else if (!lease.forever() && ticker.read() - renewedAt > lease.time().toNanos()) {
            end(RunEnding.lost());
        }
    }

    /** Asks it to end, and interrupts its task unless that asks itself; the first reason stays. */
    void end(RunEnding reason) {
        ask(reason);
        thread.interrupt();
    }

    /** Asks it to end without interrupting its task; one that has not begun never does. */
    void ask(RunEnding reason) {
        asked.compareAndSet(null, reason);
        if (thread.withdraw()) {
            over = true;
            withdrawn.complete(result(Status.CANCELLED, Map.of(), Optional.empty()));
        }
    }

    /** Is done when it was asked to end before its task began. */
    CompletionStage<Result> withdrawn() {
        return withdrawn;
    }

    /** Notes that the lease was asked for at a moment, and given. */
    void renewed(long at) {
        renewedAt = at;
    }

    @Override
    public void progress(long doneSoFar, long inAll) {
        done = doneSoFar;
        total = inAll;
    }

    @Override
    public void counted(Map<String, Long> countsSoFar) {
        counts = new LinkedHashMap<>(countsSoFar);
    }

    @Override
    public void stoppedBy(String what) {
        stoppedBy = what;
    }

    Lease lease() {
        return lease;
    }

    Progress progress() {
        return new Progress(done, total, startedAt, cause);
    }

    Duration elapsed() {
        return Duration.ofNanos(ticker.read() - begunAt);
    }

    /** Tells whether the task has ended. */
    boolean isOver() {
        return over;
    }

    /** Tells whether somebody else may have the lease. */
    boolean isLost() {
        RunEnding ending = isCancelled() ? asked.get() : null;
        return ending != null && ending.status() == Status.LOST;
    }

    /** Runs the task to its end; empty if it was {@linkplain #withdrawn withdrawn}. */
    Optional<Result> perform() {
        if (isCancelled() || !thread.begin()) {
            return Optional.empty();
        }
        try {
            return Optional.of(run());
        } finally {
            over = true;
            thread.end();
        }
    }

    private Result run() {
        try {
            Map<String, Long> returned = Objects.requireNonNull(
                    job.task().run(this),
                    () -> "The task of job '" + job.name() + "' returned null. Return an empty map.");
            look();
            return result(Status.SUCCEEDED, returned, Optional.empty());
        } catch (Throwable e) {
            failure = e;
            look();
            return result(Status.FAILED, countsSoFar(), Optional.of(FailureText.of(e)));
        }
    }

    private Map<String, Long> countsSoFar() {
        if (!counts.isEmpty() || (done == 0 && total == 0)) {
            return counts;
        }
        Map<String, Long> told = new LinkedHashMap<>(Map.of("done", done));
        if (total > 0) {
            told.put("total", total);
        }
        return told;
    }

    /** Returns what its task threw; null if nothing. */
    @Nullable
    Throwable failure() {
        return failure;
    }

    /** Returns how it has ended: like that unless it was asked to end. */
    private Result result(Status otherwise, Map<String, Long> counted, Optional<String> text) {
        RunEnding ending = asked.get();
        return new Result(
                ending == null ? otherwise : ending.status(),
                cause,
                startedAt,
                elapsed(),
                counted,
                text,
                Optional.ofNullable(ending == null ? stoppedBy : ending.by()));
    }
}
