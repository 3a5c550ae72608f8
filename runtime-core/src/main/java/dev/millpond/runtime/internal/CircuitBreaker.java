package dev.millpond.runtime.internal;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.runtime.RedisStats;
import dev.millpond.runtime.internal.SlowCalls.Pace;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Refuses calls to a Redis that is away, and says in the log when that changes. Thread-safe. */
final class CircuitBreaker {

    private static final Logger log = LoggerFactory.getLogger(CircuitBreaker.class);

    private final Ticker ticker;
    private final OutageLines lines;
    private final SlowCalls slowCalls = new SlowCalls();
    private volatile BreakerState state;
    private volatile boolean closedOnce;
    private long losses;

    /**
     * Creates an open breaker.
     *
     * @param name of the Redis, for the log
     */
    CircuitBreaker(String name, Ticker ticker) {
        this.ticker = ticker;
        this.lines = new OutageLines(name, ticker);
        this.state = BreakerState.initial(ticker.read());
    }

    boolean closed() {
        return !state.open();
    }

    void succeeded(long startedAt) {
        slowCalls.ended(ticker.read() - startedAt);
        // Almost every call comes through here, so it must not take the lock without need.
        if (state.failures() > 0) {
            change(before -> before.afterSuccess(startedAt));
        }
    }

    void failed(long startedAt, Throwable failure) {
        slowCalls.failed();
        if (change(before -> before.afterFailure(startedAt, ticker.read())).isPresent()) {
            warnOfLoss(BreakerState.FAILURES_TO_OPEN + " calls", failure);
        }
    }

    /** Returns true if this ended a time without Redis. */
    boolean probeAnswered(Duration took) {
        Pace pace = slowCalls.paceSinceLastTime();
        boolean slow = SlowCalls.isSlow(took);
        Optional<BreakerState> changed = change(before -> afterAnswer(before, slow, pace));
        changed.ifPresentOrElse(this::sayWhetherItAnswers, () -> lines.stays().ifPresent(log::info));
        return changed.filter(now -> !now.open()).isPresent();
    }

    private BreakerState afterAnswer(BreakerState before, boolean slow, Pace pace) {
        if (slow && (before.open() || pace == Pace.SLOW)) {
            return before.afterSlowProbe(ticker.read());
        }
        return slow && pace == Pace.UNKNOWN
                ? before.afterSlowProbeWithoutCalls()
                : before.afterAnsweredProbe(ticker.read());
    }

    private void sayWhetherItAnswers(BreakerState now) {
        if (now.open()) {
            lines.lost("is slow: two probes in a row took " + SlowCalls.SLOW.toMillis()
                            + " ms or more, and at least half of the calls meanwhile did so or failed. Going on without it"
                            + " until a probe takes less.")
                    .ifPresent(log::warn);
        } else {
            lines.returned().ifPresent(log::info);
        }
    }

    void probeFailed(Throwable failure) {
        if (change(before -> before.afterFailedProbe(ticker.read())).isPresent()) {
            warnOfLoss(BreakerState.FAILED_PROBES_TO_OPEN + " probes", failure);
        }
    }

    private void warnOfLoss(String what, Throwable failure) {
        lines.lost("is away: " + what + " in a row failed, the last with " + RedisFailures.type(failure)
                        + ". Going on without it until it answers.")
                .ifPresent(log::warn);
    }

    /** Opens for good once nothing probes any more. */
    synchronized void open() {
        state = BreakerState.initial(ticker.read());
    }

    /** Tells whether Redis has answered since the start. */
    boolean closedOnce() {
        return closedOnce;
    }

    long slowCalls() {
        return slowCalls.all();
    }

    /** Returns how it is, given what only others know. */
    synchronized RedisStats stats(RedisStats.Calls calls, Optional<RedisStats.Pool> pool) {
        return new RedisStats(condition(), Duration.ofNanos(ticker.read() - state.changedAt()), losses, calls, pool);
    }

    private RedisStats.State condition() {
        if (!state.open()) {
            return RedisStats.State.AVAILABLE;
        }
        if (!closedOnce) {
            return RedisStats.State.CONNECTING;
        }
        return state.answersSlowly() ? RedisStats.State.SLOW : RedisStats.State.AWAY;
    }

    /** Returns false if the breaker did not close within the time, or the thread was interrupted. */
    synchronized boolean awaitClosed(Duration maxWait) {
        long start = ticker.read();
        long limit = TimeUnit.NANOSECONDS.convert(maxWait); // saturates, where toNanos() throws
        try {
            while (state.open()) {
                long remaining = limit - (ticker.read() - start);
                if (remaining <= 0) {
                    return false;
                }
                TimeUnit.NANOSECONDS.timedWait(this, remaining);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Returns the new state if this opened or closed the breaker. */
    private synchronized Optional<BreakerState> change(UnaryOperator<BreakerState> transition) {
        BreakerState before = state;
        state = transition.apply(before);
        if (!state.open()) {
            closedOnce = true;
        } else if (!before.open()) {
            losses++;
        }
        notifyAll();
        return before.open() == state.open() ? Optional.empty() : Optional.of(state);
    }
}
