package dev.millpond.runtime.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millpond.runtime.spi.RedisGuard.Registration;
import dev.millpond.testkit.FakeTicker;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.redisson.client.RedisException;
import org.redisson.client.RedisLoadingException;

@Timeout(30)
final class AvailabilityMonitorTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    private final FakeTicker ticker = new FakeTicker();
    private final CircuitBreaker breaker = new CircuitBreaker("Redis", ticker);
    private final Queue<Supplier<CompletionStage<?>>> probes = new ArrayDeque<>();
    private final AvailabilityMonitor monitor =
            new AvailabilityMonitor("Redis", breaker, ticker, this::nextProbe, Duration.ofMillis(20));
    private final BlockingQueue<String> runs = new LinkedBlockingQueue<>();

    @AfterEach
    void close() {
        monitor.close();
    }

    @Test
    void start_probeAnswers_closesTheBreakerAndRunsActionsOnItsOwnThread() throws InterruptedException {
        monitor.onAvailable(() -> runs.add(Thread.currentThread().getName()));

        monitor.start(this::nothing);

        assertThat(nextRun()).isEqualTo("millpond-redis-monitor");
        assertThat(breaker.closed()).isTrue();
    }

    @Test
    void start_somethingBefore_runsOnceOnItsOwnThreadBeforeTheFirstProbe() throws InterruptedException {
        probes.add(() -> {
            runs.add("probe");
            return CompletableFuture.completedFuture(null);
        });

        monitor.start(() -> runs.add(Thread.currentThread().getName()));

        assertThat(nextRun()).isEqualTo("millpond-redis-monitor");
        assertThat(nextRun()).isEqualTo("probe");
    }

    @Test
    void start_whatComesBeforeFails_probesAllTheSame() throws InterruptedException {
        monitor.start(() -> {
            throw new IllegalStateException("no client");
        });

        assertThat(breaker.awaitClosed(LONG)).isTrue();
    }

    @Test
    void onAvailable_alreadyAvailable_runsAtOnceOnTheMonitorsThread() throws InterruptedException {
        monitor.start(this::nothing);
        assertThat(breaker.awaitClosed(LONG)).isTrue();

        monitor.onAvailable(() -> runs.add(Thread.currentThread().getName()));

        assertThat(nextRun()).isEqualTo("millpond-redis-monitor");
    }

    @Test
    void onAvailable_actionThrows_otherActionsRunAndTheMonitorGoesOn() throws InterruptedException {
        try (RecordedLog log = new RecordedLog(AvailabilityMonitor.class)) {
            monitor.onAvailable(() -> {
                throw new IllegalStateException("cannot subscribe");
            });
            monitor.onAvailable(() -> {
                throw new AssertionError("bug");
            });
            monitor.onAvailable(() -> runs.add("run"));
            monitor.start(this::nothing);

            assertThat(nextRun()).isEqualTo("run");
            breaker.open();
            assertThat(nextRun()).isEqualTo("run");

            assertThat(log.lines())
                    .contains(
                            "WARN An action that waited for Redis failed; it runs again when Redis comes back the next"
                                    + " time: java.lang.IllegalStateException: cannot subscribe");
        }
    }

    @Test
    void onAvailable_registrationClosed_doesNotRunAgain() throws InterruptedException {
        Registration registration = monitor.onAvailable(() -> runs.add("closed"));
        monitor.onAvailable(() -> runs.add("open"));
        monitor.start(this::nothing);
        assertThat(nextRun()).isEqualTo("closed");
        assertThat(nextRun()).isEqualTo("open");

        registration.close();
        registration.close();
        breaker.open();

        assertThat(nextRun()).isEqualTo("open");
        assertThat(runs).isEmpty();
    }

    @Test
    void onAvailable_registrationClosedBeforeRedisIsThere_neverRuns() throws InterruptedException {
        monitor.onAvailable(() -> runs.add("closed")).close();
        monitor.onAvailable(() -> runs.add("open"));

        monitor.start(this::nothing);

        assertThat(nextRun()).isEqualTo("open");
        assertThat(runs).isEmpty();
    }

    @Test
    void start_severalProbesFail_saysSoOnceAndConnectsAsSoonAsOneSucceeds() {
        probes.add(() -> CompletableFuture.failedFuture(new ConnectException("refused")));
        probes.add(() -> {
            throw new AssertionError("the client has a bug");
        });
        probes.add(() -> CompletableFuture.failedFuture(new RedisLoadingException("LOADING")));
        probes.add(() -> CompletableFuture.failedFuture(new ConnectException("refused")));
        try (RecordedLog log = new RecordedLog(AvailabilityMonitor.class)) {
            monitor.start(this::nothing);

            assertThat(breaker.awaitClosed(LONG)).isTrue();
            assertThat(log.lines())
                    .containsExactly("WARN Redis does not answer yet (RedisLoadingException). Going on without it and"
                            + " trying again every 20 ms.");
        }
    }

    @Test
    void start_firstTwoProbesFail_saysNothing() {
        probes.add(() -> CompletableFuture.failedFuture(new ConnectException("refused")));
        probes.add(CompletableFuture::new);
        try (RecordedLog log = new RecordedLog(AvailabilityMonitor.class)) {
            monitor.start(this::nothing);

            assertThat(breaker.awaitClosed(LONG)).isTrue();
            assertThat(log.lines()).isEmpty();
        }
    }

    @Test
    void start_probeIsAnsweredWithAnError_countsAsAnAnswer() {
        probes.add(() -> CompletableFuture.failedFuture(new RedisException("NOPERM no permission for this key")));

        monitor.start(this::nothing);

        assertThat(breaker.awaitClosed(LONG)).isTrue();
        assertThat(probes).isEmpty();
    }

    @Test
    void start_probeIsNeverAnswered_triesAgainAfterALimit() {
        probes.add(CompletableFuture::new);

        monitor.start(this::nothing);

        assertThat(breaker.awaitClosed(LONG)).isTrue();
    }

    @Test
    void start_availableRedisStopsAnswering_opensTheBreakerWithoutAnyCall() throws InterruptedException {
        BlockingQueue<String> opened = new LinkedBlockingQueue<>();
        probes.add(() -> CompletableFuture.completedFuture("answer"));
        probes.add(() -> CompletableFuture.failedFuture(new TimeoutException()));
        probes.add(() -> CompletableFuture.failedFuture(new TimeoutException()));
        probes.add(() -> {
            opened.add(breaker.closed() ? "closed" : "open");
            return CompletableFuture.completedFuture("answer");
        });

        monitor.start(this::nothing);

        assertThat(opened.poll(LONG.toSeconds(), TimeUnit.SECONDS)).isEqualTo("open");
    }

    @Test
    void start_probesAndCallsAreSlow_opensTheBreakerUntilAProbeIsQuick() throws InterruptedException {
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        Supplier<CompletionStage<?>> slow = () -> {
            seen.add(breaker.closed() ? "closed" : "open");
            breaker.failed(ticker.read(), new TimeoutException());
            ticker.advance(SlowCalls.SLOW);
            return CompletableFuture.completedFuture("answer");
        };
        probes.add(() -> CompletableFuture.completedFuture("answer"));
        IntStream.range(0, 3).forEach(i -> probes.add(slow));

        monitor.start(this::nothing);

        for (String expected : List.of("closed", "closed", "open")) {
            assertThat(seen.poll(LONG.toSeconds(), TimeUnit.SECONDS)).isEqualTo(expected);
        }
        assertThat(breaker.awaitClosed(LONG)).isTrue();
    }

    @Test
    void close_runningMonitor_endsItsThreadAndIgnoresActions() {
        monitor.start(this::nothing);

        monitor.close();
        monitor.onAvailable(() -> runs.add("run")).close();

        // The thread may still be about to end when its pool has.
        await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .doesNotContain("millpond-redis-monitor"));
        assertThat(runs).isEmpty();
    }

    @Test
    void close_probeHangs_isInterrupted() throws InterruptedException {
        probes.add(() -> {
            runs.add("hanging");
            return new CompletableFuture<>();
        });
        monitor.start(this::nothing);
        assertThat(nextRun()).isEqualTo("hanging");

        monitor.close();

        assertThat(breaker.closed()).isFalse();
    }

    private @Nullable String nextRun() throws InterruptedException {
        return runs.poll(LONG.toSeconds(), TimeUnit.SECONDS);
    }

    private void nothing() {}

    private CompletionStage<?> nextProbe() {
        Supplier<CompletionStage<?>> probe = probes.poll();
        return probe == null ? CompletableFuture.completedFuture("answer") : probe.get();
    }
}
