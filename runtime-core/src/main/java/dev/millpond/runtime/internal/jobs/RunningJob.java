package dev.millpond.runtime.internal.jobs;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.runtime.JobRun;
import dev.millpond.runtime.JobState.Progress;
import dev.millpond.runtime.JobState.Result;
import dev.millpond.runtime.JobState.Status;
import dev.millpond.runtime.JobTask;
import java.time.Duration;
import java.time.Instant;
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

    private final Cause cause;
    private final Lease lease;
    private final BooleanSupplier on;
    private final Ticker ticker;
    private final Instant startedAt;
    private final long begunAt;
    private final AtomicReference<@Nullable Status> asked = new AtomicReference<>();
    private final TaskThread thread = new TaskThread();
    private final CompletableFuture<Result> withdrawn = new CompletableFuture<>();
    private volatile long renewedAt;
    private volatile long done;
    private volatile long total;
    private volatile boolean over;
    private volatile @Nullable Throwable failure;

    /**
     * Begins a run.
     *
     * @param on whether its switch is on
     * @param claimedAt when the lease was asked for, by the ticker
     */
    RunningJob(Cause cause, Lease lease, BooleanSupplier on, Ticker ticker, Instant startedAt, long claimedAt) {
        this.cause = cause;
        this.lease = lease;
        this.on = on;
        this.ticker = ticker;
        this.startedAt = startedAt;
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
        if (asked.get() == null) {
            look();
        }
        return asked.get() != null;
    }

    private void look() {
        if (!on.getAsBoolean()) {
            end(Status.CANCELLED);
        } else if (!lease.forever() && ticker.read() - renewedAt > lease.time().toNanos()) {
            end(Status.LOST);
        }
    }

    /** Asks it to end, and interrupts its task unless that asks itself; the first reason stays. */
    void end(Status reason) {
        ask(reason);
        thread.interrupt();
    }

    /** Asks it to end without interrupting its task; one that has not begun never does. */
    void ask(Status reason) {
        asked.compareAndSet(null, reason);
        if (thread.withdraw()) {
            over = true;
            withdrawn.complete(result(asked.get(), Map.of(), Optional.empty()));
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
        return isCancelled() && asked.get() == Status.LOST;
    }

    /** Runs the task to its end; empty if it was {@linkplain #withdrawn withdrawn}. */
    Optional<Result> perform(JobTask task) {
        if (isCancelled() || !thread.begin()) {
            return Optional.empty();
        }
        try {
            return Optional.of(run(task));
        } finally {
            over = true;
            thread.end();
        }
    }

    private Result run(JobTask task) {
        try {
            Map<String, Long> counts = Objects.requireNonNull(
                    task.run(this), () -> "The task of job '" + job() + "' returned null. Return an empty map.");
            return result(isCancelled() ? asked.get() : Status.SUCCEEDED, counts, Optional.empty());
        } catch (Throwable e) {
            failure = e;
            return result(isCancelled() ? asked.get() : Status.FAILED, Map.of(), Optional.of(FailureText.of(e)));
        }
    }

    /** Returns what its task threw; null if nothing. */
    @Nullable
    Throwable failure() {
        return failure;
    }

    private Result result(@Nullable Status status, Map<String, Long> counts, Optional<String> text) {
        return new Result(status == null ? Status.CANCELLED : status, cause, startedAt, elapsed(), counts, text);
    }
}
