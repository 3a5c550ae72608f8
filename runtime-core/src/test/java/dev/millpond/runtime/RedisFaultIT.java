package dev.millpond.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.millpond.runtime.spi.RedisUnavailableException;
import dev.millpond.testkit.FaultProxy;
import dev.millpond.testkit.RedisExtension;
import dev.millpond.testkit.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Breaks a connection in every way and looks at how long callers wait and whether it comes back by itself. */
final class RedisFaultIT {

    @RegisterExtension
    static final RedisExtension redis = RedisExtension.create();

    private static final Logger log = LoggerFactory.getLogger(RedisFaultIT.class);
    private static final Duration BUDGET = Duration.ofMillis(300);
    private static final Duration BUDGET_AND_SLACK = BUDGET.plusSeconds(5);
    private static final int CALLS_BEFORE_AN_OUTAGE = 5;
    private static final Duration LONG = Duration.ofSeconds(20);
    private final RedisServer server = redis.server();
    private final FaultProxy proxy = FaultProxy.to(server);
    private final RedisConnection connection = RedisConnection.to(proxy.url());

    /** The ways in which Redis goes away. */
    enum Fault {
        REFUSE,
        BLACKHOLE,
        HALF_OPEN,
        SLOW,
        KILL,
        PAUSE;

        void begin(FaultProxy proxy, RedisServer server) {
            assumeThat(server.controllable() || (this != KILL && this != PAUSE)).isTrue();
            switch (this) {
                case REFUSE -> proxy.refuse();
                case BLACKHOLE -> proxy.blackhole();
                case HALF_OPEN -> proxy.halfOpen();
                case SLOW -> proxy.delay(Duration.ofSeconds(1));
                case KILL -> server.stop();
                case PAUSE -> server.pause();
            }
        }

        void end(FaultProxy proxy, RedisServer server) {
            switch (this) {
                case REFUSE, BLACKHOLE, HALF_OPEN, SLOW -> proxy.restore();
                case KILL -> server.start();
                case PAUSE -> server.resume();
            }
        }
    }

    @BeforeEach
    void connect() {
        assertThat(connection.awaitAvailable(LONG)).isTrue();
    }

    @AfterEach
    void close() {
        connection.close();
        proxy.close();
        if (server.controllable()) {
            server.resume();
            server.start();
        }
    }

    @ParameterizedTest
    @EnumSource
    void call_duringFault_returnsWithinItsBudgetAndRecoversByItself(Fault fault) throws Exception {
        fault.begin(proxy, server);

        List<Duration> firstWave = inParallel(100, this::timedCall);
        await().atMost(LONG).until(() -> !connection.available());
        List<Duration> refused = inParallel(100, this::timedCall);

        long end = System.nanoTime();
        fault.end(proxy, server);
        assertThat(connection.awaitAvailable(LONG)).isTrue();
        await().atMost(LONG)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(connection.guard().call(LONG, RedisFaultIT::get))
                        .isNull());
        Duration recovery = Duration.ofNanos(System.nanoTime() - end);

        log.info(
                "{}: longest call {} ms, longest refused call {} ms, back after {} ms",
                fault,
                longest(firstWave).toMillis(),
                longest(refused).toMillis(),
                recovery.toMillis());
        assertThat(longest(firstWave)).isLessThan(BUDGET_AND_SLACK);
        assertThat(refused.stream().sorted().toList().get(refused.size() / 2))
                .as("half of them at least; others may be held up by the machine")
                .isLessThan(BUDGET);
    }

    @ParameterizedTest
    @EnumSource
    void callAsync_duringFault_endsWithinItsBudget(Fault fault) {
        fault.begin(proxy, server);

        List<CompletableFuture<@Nullable String>> calls = new ArrayList<>();
        List<Duration> blocked = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            long start = System.nanoTime();
            calls.add(connection.guard().callAsync(BUDGET, RedisFaultIT::get).toCompletableFuture());
            blocked.add(Duration.ofNanos(System.nanoTime() - start));
        }

        assertThat(blocked.subList(0, CALLS_BEFORE_AN_OUTAGE))
                .as("one or another may be held up by the machine")
                .anyMatch(time -> time.compareTo(BUDGET) < 0);
        assertThat(calls)
                .allSatisfy(call -> assertThat(call)
                        .failsWithin(BUDGET_AND_SLACK)
                        .withThrowableThat()
                        .withCauseInstanceOf(RedisUnavailableException.class));
    }

    @Test
    void call_connectionsCut_goesOnWithoutAnOutage() {
        proxy.cut();

        await().atMost(LONG)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(connection.guard().call(BUDGET, RedisFaultIT::get))
                        .isNull());
    }

    /** Each call ends within its budget, so none of them fails. */
    @Test
    void call_redisAnswersSlowly_isRefusedUntilItIsQuickAgain() {
        proxy.delay(Duration.ofMillis(150));

        await().atMost(LONG).until(() -> {
            timedCall();
            return !connection.available();
        });

        assertThatExceptionOfType(RedisUnavailableException.class)
                .isThrownBy(() -> connection.guard().call(LONG, RedisFaultIT::get))
                .withMessage("Redis is away, so the call was not sent.");
        await().during(Duration.ofSeconds(2)).atMost(LONG).until(() -> !connection.available());
        proxy.restore();
        assertThat(connection.awaitAvailable(LONG)).isTrue();
    }

    @Test
    void close_openConnection_leavesNoThreadAndNoSocketBehind() {
        await().atMost(LONG)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(connection.guard().call(BUDGET, RedisFaultIT::get))
                        .isNull());

        long start = System.nanoTime();
        connection.close();
        connection.close();

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                        .extracting(Thread::getName)
                        .noneMatch(name -> name.startsWith("redisson") || name.startsWith("millpond-redis-monitor")));
        await().atMost(LONG).until(() -> proxy.openConnections() == 0);
        assertThat(connection.available()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void close_duringFault_isQuickAndLeavesNoThreadBehind(Fault fault) {
        fault.begin(proxy, server);
        connection.guard().callAsync(BUDGET, RedisFaultIT::get);

        long start = System.nanoTime();
        connection.close();

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                        .extracting(Thread::getName)
                        .noneMatch(name -> name.startsWith("redisson") || name.startsWith("millpond-redis-monitor")));
    }

    private static CompletionStage<@Nullable String> get(RedissonClient client) {
        return client.<@Nullable String>getBucket("key", StringCodec.INSTANCE).getAsync();
    }

    private Duration timedCall() {
        long start = System.nanoTime();
        try {
            connection.guard().call(BUDGET, RedisFaultIT::get);
        } catch (RedisUnavailableException e) {
            // The time is what matters.
        }
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static List<Duration> inParallel(int callers, Callable<Duration> call) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(callers);
        try {
            List<Duration> times = new ArrayList<>();
            for (Future<Duration> done : threads.invokeAll(Collections.nCopies(callers, call))) {
                times.add(done.get());
            }
            return times;
        } finally {
            threads.shutdown();
        }
    }

    private static Duration longest(List<Duration> times) {
        return Collections.max(times);
    }
}
