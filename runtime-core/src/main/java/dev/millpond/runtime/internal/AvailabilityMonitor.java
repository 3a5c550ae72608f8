package dev.millpond.runtime.internal;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.runtime.spi.DaemonThreads;
import dev.millpond.runtime.spi.RedisGuard.Registration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread of a connection: it makes the first contact, probes, and runs what waits for Redis to be available.
 *
 * <p>Everything but {@link #onAvailable} and {@link #close} happens on that thread, so the list of actions needs no
 * lock and no action runs twice for one return of Redis.
 */
final class AvailabilityMonitor {

    static final Duration INTERVAL = Duration.ofMillis(500);
    static final Duration PROBE_LIMIT = Duration.ofMillis(500);

    private static final Logger log = LoggerFactory.getLogger(AvailabilityMonitor.class);
    // A JVM that has just started is often slower to connect than one probe may take, though Redis is there.
    private static final int FAILURES_WORTH_A_WARNING = 3;
    private static final Duration STOP_LIMIT = Duration.ofSeconds(1);

    private final String name;
    private final CircuitBreaker breaker;
    private final Supplier<CompletionStage<?>> probe;
    private final Duration interval;
    private final ProbeTimes times;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(new DaemonThreads("millpond-redis-monitor"));
    private final List<WaitingAction> actions = new ArrayList<>();
    private boolean answeredOnce;
    private int failuresBeforeFirstAnswer;

    /**
     * Creates a monitor.
     *
     * @param name of the Redis, for the log
     * @param probe sends a command that any healthy Redis answers
     * @param interval how long it rests after each probe
     */
    AvailabilityMonitor(
            String name, CircuitBreaker breaker, Ticker ticker, Supplier<CompletionStage<?>> probe, Duration interval) {
        this.name = name;
        this.breaker = breaker;
        this.probe = probe;
        this.interval = interval;
        this.times = new ProbeTimes(ticker, interval);
    }

    /**
     * Starts to probe.
     *
     * @param before what its thread does first, in more time than a probe may take; if it fails, so will the probes
     */
    @SuppressWarnings("FutureReturnValueIgnored") // the probe throws nothing
    void start(Runnable before) {
        execute(before);
        thread.scheduleWithFixedDelay(this::probe, 0, interval.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Does nothing after {@link #close}. */
    Registration onAvailable(Runnable action) {
        WaitingAction waiting = new WaitingAction(action);
        execute(() -> {
            actions.add(waiting);
            if (breaker.closed()) {
                waiting.run();
            }
        });
        return waiting;
    }

    private void execute(Runnable step) {
        try {
            thread.execute(step);
        } catch (RejectedExecutionException e) {
            log.debug("The Redis connection is closed: no action will run any more.");
        }
    }

    /** Interrupts what the thread does and waits a moment for its end. */
    void close() {
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                log.warn("The monitor of a Redis connection did not end within {} ms.", STOP_LIMIT.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Catches everything: a monitor that died in silence would keep Redis away for good. */
    private void probe() {
        times.began();
        try {
            probe.get().toCompletableFuture().get(PROBE_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            answered();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            failed(e.getCause() == null ? e : e.getCause());
        } catch (Throwable e) {
            failed(e);
        }
    }

    private void failed(Throwable failure) {
        if (RedisFailures.isAnswer(failure)) {
            answered();
            return;
        }
        times.ended();
        breaker.probeFailed(failure);
        if (!answeredOnce && ++failuresBeforeFirstAnswer == FAILURES_WORTH_A_WARNING) {
            log.warn(
                    "{} does not answer yet ({}). Going on without it and trying again every {} ms.",
                    name,
                    RedisFailures.type(failure),
                    interval.toMillis());
        }
    }

    private void answered() {
        answeredOnce = true;
        if (breaker.probeAnswered(times.ended())) {
            actions.forEach(WaitingAction::run);
        }
    }

    /** An action until it is closed, which empties it at once and takes it off the list when the thread has time. */
    private final class WaitingAction implements Registration {

        private volatile @Nullable Runnable action;

        WaitingAction(Runnable action) {
            this.action = action;
        }

        void run() {
            Runnable toRun = action;
            try {
                if (toRun != null) {
                    toRun.run();
                }
            } catch (Throwable e) {
                log.warn(
                        "An action that waited for Redis failed; it runs again when Redis comes back the next time: {}",
                        e.toString());
            }
        }

        @Override
        public void close() {
            action = null;
            execute(() -> actions.remove(this));
        }
    }
}
