package dev.millpond.ratelimit.internal.engine;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.ratelimit.InFlightLimit;
import dev.millpond.ratelimit.Permit;
import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.RateLimitStats;
import dev.millpond.ratelimit.RedisEngine;
import dev.millpond.ratelimit.spi.LimitEngine.BucketState;
import dev.millpond.ratelimit.spi.LimitEngine.Take;
import dev.millpond.runtime.PatientRedis;
import dev.millpond.runtime.RedisConnection;
import dev.millpond.runtime.spi.RedisGuard;
import dev.millpond.testkit.RedisExtension;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.redisson.api.RedissonClient;

/** What decisions cost in commands, counted by Redis, and what becomes of them when it forgets. */
class DecisionCostIT {

    private static final Duration LONG_ENOUGH = Duration.ofSeconds(10);
    private static final List<RateLimit> SLOW = List.of(RateLimit.of(100, Duration.ofDays(1)));

    @RegisterExtension
    static final RedisExtension REDIS = RedisExtension.create();

    private static RedisConnection connection;
    private static RedisConnection otherNode;

    private CountingGuard guard;
    private RedisLimitEngine engine;

    @BeforeAll
    static void connect() {
        connection = PatientRedis.connect(REDIS.url());
        otherNode = PatientRedis.connect(REDIS.url());
    }

    @AfterAll
    static void disconnect() {
        connection.close();
        otherNode.close();
    }

    @BeforeEach
    void begin() {
        REDIS.server().flush();
        REDIS.server().command("CONFIG", "RESETSTAT");
        guard = new CountingGuard(connection.guard());
        engine = listening(guard);
        await().atMost(LONG_ENOUGH).until(() -> calls("del") == 1); // the end of the warm-up, which is counted too
        REDIS.server().command("CONFIG", "RESETSTAT");
    }

    @AfterEach
    void end() {
        engine.close();
    }

    private static RedisLimitEngine engine(RedisGuard guard) {
        return new RedisLimitEngine(
                RedisEngine.SCRIPT, guard, LONG_ENOUGH, InstantSource.system(), Ticker.systemTicker(), "test:rl");
    }

    private static RedisLimitEngine listening(RedisGuard guard) {
        RedisLimitEngine engine = engine(guard);
        engine.warmUpWhenAvailable("warm-up");
        await().atMost(LONG_ENOUGH).until(engine::hearsOfOthers);
        return engine;
    }

    /** Returns how often Redis was called, for a command, since the test began. */
    private static long calls(String command) {
        String stats = (String) requireNonNull(REDIS.server().command("INFO", "commandstats"));
        return Arrays.stream(stats.split("\r?\n"))
                .filter(line -> line.startsWith("cmdstat_" + command + ":calls="))
                .mapToLong(line -> Long.parseLong(line.substring(line.indexOf('=') + 1, line.indexOf(','))))
                .sum();
    }

    private BucketState take(String bucket, long cost) {
        return engine.take(bucket, SLOW, cost).toCompletableFuture().join();
    }

    @Test
    void take_firstAndFurtherRequests_areOneCommandEach() {
        for (int i = 0; i < 50; i++) {
            take("bucket" + i % 10, 1);
        }

        assertThat(calls("evalsha")).isEqualTo(50);
        assertThat(calls("eval")).isZero();
        assertThat(calls("get"))
                .as("inside the script, and probes of the connection: on a slow machine more of them")
                .isBetween(50L, 99L);
        assertThat(calls("set")).as("inside the script").isEqualTo(50);
    }

    @Test
    void refundGrantAndPeek_areOneCommandEach() {
        take("bucket", 10);
        engine.refund("bucket", SLOW, 1).toCompletableFuture().join();
        engine.grant("bucket", SLOW, 1).toCompletableFuture().join();
        engine.peek("bucket", SLOW).toCompletableFuture().join();
        assertThat(calls("evalsha")).isEqualTo(4);

        engine.reset("bucket", SLOW).toCompletableFuture().join();
        assertThat(calls("evalsha")).isEqualTo(5);
        assertThat(calls("del")).isOne();
    }

    private static List<Take> buckets(String... names) {
        return Stream.of(names).map(name -> new Take(name, SLOW)).toList();
    }

    private List<BucketState> takeAll(List<Take> takes, long cost) {
        return engine.takeAll(takes, cost).toCompletableFuture().join();
    }

    @Test
    void takeAll_severalBuckets_isOneCommand() {
        for (int i = 0; i < 20; i++) {
            takeAll(buckets("client" + i, "tenant", "endpoint"), 1);
        }

        assertThat(calls("evalsha")).isEqualTo(20);
        assertThat(calls("set")).as("inside the script").isEqualTo(60);
        assertThat(take("tenant", 0).remaining()).isEqualTo(80);
    }

    @Test
    void takeAll_floodOfDeniedRequests_isOneCommand() {
        take("tenant", 100);
        take("client", 40);

        for (int i = 0; i < 1_000; i++) {
            assertThat(takeAll(buckets("client", "tenant"), 1))
                    .extracting(BucketState::admitted, BucketState::remaining)
                    .containsExactly(tuple(true, 60L), tuple(false, 0L));
            assertThat(takeAll(buckets("client" + i, "tenant", "endpoint"), 1))
                    .extracting(BucketState::admitted)
                    .containsExactly(true, false, true);
        }

        assertThat(calls("evalsha")).isEqualTo(3);
        assertThat(engine.stats().memoryAnswers()).isEqualTo(1_999);
        assertThat(take("client", 60).admitted())
                .as("what another bucket denied")
                .isTrue();
    }

    @Test
    void takeAll_manyThreadsOnTheSameBuckets_isOneCommandAtATime() throws Exception {
        List<Take> large = Stream.of("a", "b")
                .map(name -> new Take(name, List.of(RateLimit.of(10_000, Duration.ofDays(3_650)))))
                .toList();
        ExecutorService threads = Executors.newFixedThreadPool(16);
        Callable<Long> caller = () -> IntStream.range(0, 50)
                .filter(i -> takeAll(large, 2).stream().allMatch(BucketState::admitted))
                .count();
        try {
            guard.mostAtOnce.set(0);
            for (Future<Long> count : threads.invokeAll(Collections.nCopies(16, caller))) {
                assertThat(count.get()).isEqualTo(50);
            }
        } finally {
            threads.shutdown();
        }
        assertThat(guard.mostAtOnce).hasValue(1);
        assertThat(calls("evalsha"))
                .as("commands for 800 decisions")
                .isLessThan(400)
                .isEqualTo(engine.stats().redisCalls());
        assertThat(engine.stats().redisAnswers()).isEqualTo(800);
        assertThat(takeAll(large, 0)).extracting(BucketState::remaining).containsExactly(8_400L, 8_400L);
    }

    private static Take limited(String bucket, int most) {
        return new Take(bucket, SLOW, Optional.of(InFlightLimit.of(most)));
    }

    @Test
    void takeAll_inFlightLimits_areInTheSameCommandAndAReleaseIsOne() {
        List<Take> takes = List.of(limited("client", 30), new Take("endpoint", SLOW), limited("tenant", 20));
        List<List<BucketState>> admitted =
                Stream.generate(() -> takeAll(takes, 1)).limit(20).toList();
        assertThat(takeAll(takes, 1)).extracting(BucketState::crowded).containsExactly(false, false, true);
        assertThat(calls("evalsha")).isEqualTo(21);
        assertThat(calls("zadd")).as("inside the script").isEqualTo(40);

        admitted.get(0).forEach(state -> state.permit().ifPresent(Permit::release));
        await().atMost(LONG_ENOUGH).until(() -> calls("zrem") == 2);
        admitted.get(0).forEach(state -> state.permit().ifPresent(Permit::release));

        assertThat(takeAll(takes, 1)).extracting(BucketState::admitted).containsOnly(true);
        assertThat(calls("zrem")).isEqualTo(2);
        assertThat(calls("evalsha")).isEqualTo(22);
    }

    @Test
    void takeAll_floodWhileAllPlacesAreTaken_isOneCommandUntilOneMayBeFree() {
        List<Take> takes = List.of(limited("client", 2), new Take("endpoint", SLOW));
        List<List<BucketState>> admitted =
                Stream.generate(() -> takeAll(takes, 1)).limit(2).toList();

        long begunAt = System.nanoTime();
        for (int i = 0; i < 5_000; i++) {
            assertThat(takeAll(takes, 1))
                    .extracting(BucketState::crowded, BucketState::remaining)
                    .startsWith(tuple(true, 98L));
        }
        long hundredths = since(begunAt).dividedBy(CrowdedBuckets.REMEMBERED);
        assertThat(calls("evalsha"))
                .isBetween(3L, 3 + hundredths)
                .isEqualTo(5_002 - engine.stats().memoryAnswers());

        admitted.get(0).get(0).permit().ifPresent(Permit::release);
        await().atMost(LONG_ENOUGH).until(() -> calls("zrem") == 1);
        assertThat(takeAll(takes, 1))
                .as("a place that this node gave back")
                .extracting(BucketState::admitted)
                .containsOnly(true);
    }

    @Test
    void takeAll_placeGivenBackByAnotherNode_isFoundSoon() {
        RedisLimitEngine other = listening(otherNode.guard());
        List<Take> takes = List.of(limited("client", 1));
        BucketState there = other.takeAll(takes, 1).toCompletableFuture().join().get(0);
        assertThat(takeAll(takes, 1).get(0).crowded()).isTrue();

        there.permit().ifPresent(Permit::release);

        await().atMost(LONG_ENOUGH).until(() -> takeAll(takes, 1).get(0).admitted());
        other.close();
    }

    @Test
    void takeAll_manyThreadsInFlight_goTogetherAndEachHasItsPlace() throws Exception {
        List<Take> takes = List.of(new Take(
                "bucket", List.of(RateLimit.of(10_000, Duration.ofDays(3_650))), Optional.of(InFlightLimit.of(500))));
        ExecutorService threads = Executors.newFixedThreadPool(16);
        Callable<Long> caller = () -> IntStream.range(0, 50)
                .filter(i -> takeAll(takes, 1).get(0).permit().isPresent())
                .count();
        long admitted = 0;
        try {
            guard.mostAtOnce.set(0);
            for (Future<Long> count : threads.invokeAll(Collections.nCopies(16, caller))) {
                admitted += count.get();
            }
        } finally {
            threads.shutdown();
        }
        assertThat(admitted).isEqualTo(500);
        assertThat(guard.mostAtOnce).hasValue(1);
        assertThat(calls("evalsha")).as("commands for 800 decisions").isLessThan(400);
        assertThat(REDIS.server().command("ZCARD", "{bucket}:in-flight")).isEqualTo(500L);
    }

    @Test
    void takeAll_answerIsLost_givesThePlaceBack() {
        guard.losesAnswers = true;
        CompletionStage<List<BucketState>> lost = engine.takeAll(List.of(limited("bucket", 1)), 1);
        guard.losesAnswers = false;

        assertThatThrownBy(() -> lost.toCompletableFuture().join()).hasRootCauseMessage("lost");
        await().atMost(LONG_ENOUGH).until(() -> calls("zrem") == 1);
        await().atMost(LONG_ENOUGH)
                .until(() -> takeAll(List.of(limited("bucket", 1)), 1).get(0).admitted());
    }

    @Test
    void take_withLeases_isOneCommandPerLease() {
        List<Take> leased = List.of(
                new Take("bucket", List.of(RateLimit.perMinute(10_000).withBurst(1_000)), Optional.empty(), 110));

        for (int i = 0; i < 5_000; i++) {
            assertThat(engine.takeAll(leased, 1)
                            .toCompletableFuture()
                            .join()
                            .get(0)
                            .admitted())
                    .isTrue();
        }

        RateLimitStats stats = engine.stats();
        assertThat(stats.leaseAnswers()).isGreaterThan(4_900).isEqualTo(stats.leaseTokens());
        assertThat(stats.redisAnswers()).isEqualTo(5_000 - stats.leaseAnswers()).isEqualTo(stats.redisCalls());
        assertThat(calls("evalsha")).as("for 5000 decisions").isLessThanOrEqualTo(60);
        assertThat(calls("hset")).as("leases").isLessThanOrEqualTo(60);
    }

    @Test
    void take_floodOfDeniedRequests_isOneCommand() {
        take("bucket", 100);

        for (int i = 0; i < 10_000; i++) {
            assertThat(take("bucket", 1 + i % 3).admitted()).isFalse();
        }

        assertThat(calls("evalsha")).isEqualTo(2);
        assertThat(engine.stats()).isEqualTo(new RateLimitStats(2, 2, 1, 0, 0, 9_999, Duration.ZERO));
        assertThat(take("bucket", 0).admitted()).as("peek asks Redis").isTrue();
        assertThat(calls("evalsha")).isEqualTo(3);
    }

    @Test
    void take_deniedUntilATokenComes_isAdmittedWhenTold() {
        List<RateLimit> quick = List.of(RateLimit.of(4, Duration.ofSeconds(8)));
        long begunAt = System.nanoTime();
        engine.take("bucket", quick, 4).toCompletableFuture().join();
        long denials = 0;
        long callsByHalfTime = 0;
        while (!engine.take("bucket", quick, 1).toCompletableFuture().join().admitted()) {
            denials++;
            callsByHalfTime = since(begunAt).toMillis() < 1_000 ? engine.stats().redisCalls() : callsByHalfTime;
        }

        assertThat(since(begunAt)).isGreaterThan(Duration.ofMillis(1_900));
        assertThat(denials).isGreaterThan(50);
        assertThat(callsByHalfTime).as("to empty it, and to be denied").isLessThanOrEqualTo(2);
        // This node counts from when it asked, Redis from when it answered: at the end the node asks a little too
        // early.
        assertThat(calls("evalsha")).isBetween(3L, denials / 2);
    }

    private static Duration since(long begunAt) {
        return Duration.ofNanos(System.nanoTime() - begunAt);
    }

    @Test
    void take_manyThreadsOnOneBucket_isOneCommandAtATime() throws Exception {
        List<RateLimit> large = List.of(RateLimit.of(10_000, Duration.ofDays(3_650)));
        ExecutorService threads = Executors.newFixedThreadPool(32);
        Callable<Long> caller = () -> IntStream.range(0, 100)
                .filter(i -> engine.take("bucket", large, 1)
                        .toCompletableFuture()
                        .join()
                        .admitted())
                .count();
        try {
            guard.mostAtOnce.set(0);
            long admitted = 0;
            for (Future<Long> count : threads.invokeAll(Collections.nCopies(32, caller))) {
                admitted += count.get();
            }
            assertThat(admitted).isEqualTo(3_200);
        } finally {
            threads.shutdown();
        }
        assertThat(guard.mostAtOnce).hasValue(1);
        assertThat(calls("evalsha")).as("commands for 3200 decisions").isLessThan(1_600);
        RateLimitStats stats = engine.stats();
        assertThat(stats.redisAnswers()).isEqualTo(3_200);
        assertThat(stats.redisCalls()).isEqualTo(calls("evalsha"));
        assertThat(stats.largestCall()).isBetween(2L, 32L);
        assertThat(engine.peek("bucket", large).toCompletableFuture().join().remaining())
                .isEqualTo(6_800);
    }

    @Test
    void take_manyThreadsOnBucketsOfTheirOwn_goTogetherAndEachIsExact() throws Exception {
        RedisLimitEngine grouping = engine(connection.guard());
        REDIS.server().command("CONFIG", "RESETSTAT");
        ExecutorService threads = Executors.newFixedThreadPool(32);
        List<Callable<Long>> callers = IntStream.range(0, 32)
                .<Callable<Long>>mapToObj(i -> () -> IntStream.range(0, 110)
                        .filter(request -> grouping.take("bucket-" + i, SLOW, 1)
                                .toCompletableFuture()
                                .join()
                                .admitted())
                        .count())
                .toList();
        try {
            for (Future<Long> admitted : threads.invokeAll(callers)) {
                assertThat(admitted.get()).isEqualTo(100);
            }
        } finally {
            threads.shutdown();
            grouping.close();
        }
        assertThat(grouping.stats().redisAnswers()).isGreaterThanOrEqualTo(3_200);
        assertThat(calls("evalsha")).as("commands for 3200 admissions").isLessThan(1_600);
    }

    @Test
    void refundGrantAndReset_otherNode_isAdmittedThere() {
        RedisLimitEngine other = listening(otherNode.guard());
        take("bucket", 100);
        List<Runnable> gifts = List.of(
                () -> other.refund("bucket", SLOW, 1).toCompletableFuture().join(),
                () -> other.grant("bucket", SLOW, 1).toCompletableFuture().join(),
                () -> other.reset("bucket", SLOW).toCompletableFuture().join());

        for (Runnable gift : gifts) {
            assertThat(take("bucket", 1).admitted()).isFalse();
            gift.run();
            await().atMost(LONG_ENOUGH).until(() -> take("bucket", 1).admitted());
        }
        other.close();
    }

    @Test
    void take_scriptsForgotten_countsOn() {
        take("bucket", 1);
        REDIS.server().command("SCRIPT", "FLUSH");

        assertThat(take("bucket", 1).remaining()).isEqualTo(98);
        assertThat(take("bucket", 1).remaining()).isEqualTo(97);
    }

    @Test
    void take_redisKilledAndStartedEmpty_forgetsWhatWasDenied() {
        assumeThat(REDIS.server().controllable()).isTrue();
        take("bucket", 100);
        assertThat(take("bucket", 1).admitted()).isFalse();

        REDIS.server().restart();

        await().atMost(LONG_ENOUGH)
                .ignoreExceptions()
                .until(() -> take("bucket", 1).admitted());
        assertThat(connection.awaitAvailable(LONG_ENOUGH)).isTrue();
        assertThat(otherNode.awaitAvailable(LONG_ENOUGH)).isTrue();
    }

    /** Counts the calls that are on their way. */
    private static final class CountingGuard extends GuardAround {

        private final AtomicInteger underWay = new AtomicInteger();
        private final AtomicInteger mostAtOnce = new AtomicInteger();
        private volatile boolean losesAnswers;

        private CountingGuard(RedisGuard guard) {
            super(guard);
        }

        @Override
        public <T extends @Nullable Object> CompletionStage<T> callAsync(
                Duration budget, Function<RedissonClient, CompletionStage<T>> command) {
            mostAtOnce.accumulateAndGet(underWay.incrementAndGet(), Math::max);
            boolean losesAnswer = losesAnswers;
            return super.callAsync(
                            budget,
                            client ->
                                    command.apply(client).whenComplete((answer, failure) -> underWay.decrementAndGet()))
                    .thenCompose(answer -> losesAnswer
                            ? CompletableFuture.failedStage(new IllegalStateException("lost"))
                            : CompletableFuture.completedStage(answer));
        }
    }
}
