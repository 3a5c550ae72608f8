package dev.millpond.ratelimit.internal.engine;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millpond.ratelimit.InFlightLimit;
import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.RedisEngine;
import dev.millpond.ratelimit.Tier;
import dev.millpond.ratelimit.spi.LimitEngine;
import dev.millpond.ratelimit.spi.LimitEngine.BucketState;
import dev.millpond.ratelimit.spi.LimitEngine.Take;
import dev.millpond.runtime.PatientRedis;
import dev.millpond.runtime.RedisConnection;
import dev.millpond.testkit.RedisExtension;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the engines on Redis have in common; each has a subclass. */
abstract class RedisLimitEngineContract extends HandClockContract {

    private static final List<RateLimit> FREE = Tier.FREE.limits();

    @RegisterExtension
    static final RedisExtension REDIS = RedisExtension.create();

    private static RedisConnection connection;
    private static RedisConnection otherNode;

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

    @Override
    void empty() {
        REDIS.server().flush();
    }

    @Override
    LimitEngine newEngine() {
        return engineOn(connection);
    }

    /** Returns which engine is tested. */
    abstract RedisEngine kind();

    private RedisLimitEngine engineOn(RedisConnection redis) {
        return engine(kind(), redis, clock);
    }

    private long millisToLive(String bucket) {
        return number("PTTL", bucket);
    }

    private static long number(String... command) {
        return (Long) requireNonNull(REDIS.server().command(command));
    }

    @Test
    void take_twoNodes_shareABucket() {
        LimitEngine other = engineOn(otherNode);

        assertThat(engine.take("bucket", FREE, 7).toCompletableFuture().join().remaining())
                .isEqualTo(5);
        assertThat(other.take("bucket", FREE, 5).toCompletableFuture().join().remaining())
                .isZero();
        assertThat(engine.take("bucket", FREE, 1).toCompletableFuture().join().admitted())
                .isFalse();
    }

    @Test
    void take_twoNodesWithManyThreads_admitExactlyTheCapacity() throws Exception {
        LimitEngine other = engineOn(otherNode);
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try {
            List<Callable<Long>> callers = Stream.iterate(0, i -> i < 16, i -> i + 1)
                    .map(i -> admittedOf25(i % 2 == 0 ? engine : other))
                    .toList();
            long admitted = 0;
            for (Future<Long> count : threads.invokeAll(callers)) {
                admitted += count.get();
            }
            assertThat(admitted).isEqualTo(100);
        } finally {
            threads.shutdown();
        }
    }

    private static Callable<Long> admittedOf25(LimitEngine engine) {
        return () -> IntStream.range(0, 25)
                .filter(i -> engine.take("bucket", List.of(RateLimit.perMinute(100)), 1)
                        .toCompletableFuture()
                        .join()
                        .admitted())
                .count();
    }

    @Test
    void take_oneOfTwelveTokens_expiresTenSecondsAfterTheBucketIsFull() {
        engine.take("bucket", FREE, 1).toCompletableFuture().join();

        assertThat(millisToLive("bucket")).isBetween(6_000L, 16_000L);
    }

    @Test
    void take_moreTokensFromTheSameBucket_prolongsItsLife() {
        engine.take("bucket", FREE, 1).toCompletableFuture().join();
        engine.take("bucket", FREE, 11).toCompletableFuture().join();

        assertThat(millisToLive("bucket")).isBetween(72_000L, 82_000L);
    }

    @Test
    void take_nothing_writesNothing() {
        engine.take("bucket", FREE, 0).toCompletableFuture().join();
        engine.take("bucket", FREE, 13).toCompletableFuture().join();

        assertThat(number("EXISTS", "bucket")).isZero();
    }

    @Test
    void take_someTokens_needsAtMost200Bytes() {
        String bucket = "millpond:rl:{0123456789abcdefghijkl}:enterprise";
        List<RateLimit> enterprise = Tier.ENTERPRISE.limits();
        for (int i = 0; i < 3; i++) {
            engine.take(bucket, enterprise, 7).toCompletableFuture().join();
            clock.advance(Duration.ofMillis(1));
        }

        assertThat(number("STRLEN", bucket)).isLessThanOrEqualTo(200 - bucket.length());
    }

    private static final List<Take> ONE_IN_FLIGHT =
            List.of(new Take("bucket", FREE, Optional.of(new InFlightLimit(1, Duration.ofSeconds(40)))));

    private static BucketState enter(LimitEngine engine) {
        return engine.takeAll(ONE_IN_FLIGHT, 1).toCompletableFuture().join().get(0);
    }

    @Test
    void takeAll_twoNodes_sharePlaces() {
        LimitEngine other = engineOn(otherNode);
        BucketState first = enter(engine);
        assertThat(enter(other).crowded()).isTrue();

        first.permit().orElseThrow().release();
        clock.advance(CrowdedBuckets.REMEMBERED);

        await().until(() -> enter(other).admitted());
        assertThat(enter(engine).crowded()).isTrue();
    }

    @Test
    void takeAll_placeTaken_isStoredInAKeyOfItsOwnThatExpires() {
        assertThat(enter(engine).admitted()).isTrue();
        assertThat(enter(engine).crowded()).isTrue();

        assertThat(number("ZCARD", "{bucket}:in-flight")).isOne();
        assertThat(number("PTTL", "{bucket}:in-flight")).isBetween(30_000L, 40_000L);
        assertThat(number("MEMORY", "USAGE", "{bucket}:in-flight")).isLessThanOrEqualTo(200);
    }

    @Test
    void takeAll_lastPlaceReleased_leavesNoKey() {
        enter(engine).permit().orElseThrow().release();

        await().until(() -> number("EXISTS", "{bucket}:in-flight") == 0);
    }

    @Test
    void takeAll_bytesOfSomebodyElseInPlaceOfRequests_areReplaced() {
        REDIS.server().command("SET", "{bucket}:in-flight", "no requests");

        assertThat(enter(engine).admitted()).isTrue();
        assertThat(enter(engine).crowded()).isTrue();
    }

    @Test
    void take_bytesOfSomebodyElse_areReplacedByAFullBucket() {
        REDIS.server().command("SET", "bucket", "not a bucket");

        assertThat(engine.take("bucket", FREE, 1).toCompletableFuture().join().remaining())
                .isEqualTo(11);
        assertThat(engine.take("bucket", FREE, 1).toCompletableFuture().join().remaining())
                .isEqualTo(10);
        assertThat(number("PTTL", "bucket")).isPositive();
    }

    @Test
    void take_scriptCacheEmptied_goesOn() {
        engine.take("bucket", FREE, 1).toCompletableFuture().join();
        engine.take("bucket", FREE, 1).toCompletableFuture().join();
        REDIS.server().command("SCRIPT", "FLUSH");

        assertThat(engine.take("bucket", FREE, 1).toCompletableFuture().join().remaining())
                .isEqualTo(9);
    }

    @Test
    void warmUp_redisThere_leavesNothingBehind() {
        RedisLimitEngine fresh = engineOn(connection);

        fresh.warmUp("warm-up").toCompletableFuture().join();

        assertThat(number("DBSIZE")).isZero();
    }

    @Test
    void close_engine_leavesBucketsAndConnectionAlone() {
        engine.take("bucket", FREE, 1).toCompletableFuture().join();

        engine.close();

        assertThat(connection.available()).isTrue();
        assertThat(number("EXISTS", "bucket")).isOne();
    }
}
