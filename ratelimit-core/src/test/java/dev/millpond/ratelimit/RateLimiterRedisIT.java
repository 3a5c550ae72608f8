package dev.millpond.ratelimit;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.millpond.ratelimit.RateLimitDecision.Outcome;
import dev.millpond.ratelimit.internal.LogCapture;
import dev.millpond.runtime.RedisConnection;
import dev.millpond.runtime.Standstills;
import dev.millpond.testkit.RedisExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RateLimiterRedisIT {

    private static final Duration LONG_ENOUGH = Duration.ofSeconds(10);
    private static final String SECRET = "a-long-random-secret";
    private static final Client CLIENT = Client.of("demo-free", "192.0.2.1");

    @RegisterExtension
    static final RedisExtension REDIS = RedisExtension.create();

    private static RedisConnection connection;

    @BeforeAll
    static void connect() {
        connection = RedisConnection.ofYaml("{singleServerConfig: {address: '" + REDIS.url() + "', timeout: 2000}}");
        assertThat(connection.awaitAvailable(LONG_ENOUGH)).isTrue();
    }

    @AfterAll
    static void disconnect() {
        connection.close();
    }

    /** A connection that has seen Redis fail may lose it once more with what is left of the old one. */
    @AfterEach
    void repair() {
        if (REDIS.server().controllable()) {
            REDIS.server().resume();
            REDIS.server().start();
        }
        connection.close();
        REDIS.server().flush(); // now that no limiter of the last test counts itself there any more
        connect();
    }

    private static void redisMayBeBroken() {
        assumeThat(REDIS.server().controllable()).isTrue();
    }

    private static RateLimiter.Builder builder() {
        return RateLimiter.builder()
                .redis(connection)
                .namespace("shop")
                .decisionTimeout(Duration.ofSeconds(5))
                .tierOf(key -> key.equals("demo-free") ? Optional.of(Tier.FREE) : Optional.empty())
                .defaultTier(Tier.STANDARD);
    }

    /** Returns all keys but those that limiters use for a moment to warm up, and in which they count themselves. */
    private static List<String> keys() {
        List<?> keys = (List<?>) requireNonNull(REDIS.server().command("KEYS", "*"));
        return keys.stream()
                .map(String::valueOf)
                .filter(key -> !key.endsWith(":rl:warm-up") && !key.endsWith(":rl-nodes"))
                .toList();
    }

    @Test
    void tryAcquire_unseenKeyWhileTheLimitOfAddressesIsInShadow_isLimitedByItsTier() {
        RateLimiter limiter = builder()
                .secret(SECRET)
                .rules(RateLimitRules.none().withModeOfTier("standard", RateLimitMode.SHADOW))
                .build();

        assertThat(limiter.tryAcquire(CLIENT, 12).allowed()).isTrue();
        assertThat(limiter.tryAcquire(CLIENT, 1).outcome()).isEqualTo(Outcome.DENIED);
    }

    @Test
    void tryAcquire_anyClient_isNamedByADigestInRedis() {
        RateLimiter limiter = builder().secret(SECRET).build();

        limiter.tryAcquire(CLIENT, 1);
        limiter.tryAcquire(Client.of("made-up", "198.51.100.7"), 1);
        limiter.tryAcquire(Client.ofAddress("2001:db8::1"), 1);

        assertThat(keys())
                .hasSize(3)
                .allMatch(key -> key.matches("shop:rl:\\{[A-Za-z0-9_-]{19}}:(free|standard)"))
                .noneMatch(key -> key.contains("demo") || key.contains("made") || key.contains("198"));
    }

    @Test
    void tryAcquire_twoNodesWithTheSameSecret_shareBuckets() {
        RateLimiter one = builder().secret(SECRET).build();
        RateLimiter two = builder().secret(SECRET).build();

        assertThat(one.tryAcquire(CLIENT, 10).outcome()).isEqualTo(Outcome.ALLOWED);
        assertThat(two.tryAcquire(CLIENT, 2).outcome()).isEqualTo(Outcome.ALLOWED_BURST);
        assertThat(one.tryAcquire(CLIENT, 1).outcome()).isEqualTo(Outcome.DENIED);
        assertThat(two.peek(CLIENT).outcome()).isEqualTo(Outcome.DENIED);
    }

    @Test
    void build_noSecret_agreesWithOtherNodesAndSaysHowToSetOne() {
        try (LogCapture log = new LogCapture()) {
            RateLimiter one = builder().build();
            RateLimiter two = builder().build();

            one.tryAcquire(CLIENT, 12);
            assertThat(two.tryAcquire(CLIENT, 1).outcome()).isEqualTo(Outcome.DENIED);
            assertThat(log.warnings())
                    .hasSize(2)
                    .first()
                    .isEqualTo("The rate limiter 'shop' has no secret: the digests of API keys in Redis follow from the"
                            + " namespace, so that whoever reads Redis can test guesses of keys. Set"
                            + " RateLimiter.builder().secret(...) (millpond.rate-limit.secret in Spring Boot) to a random"
                            + " text of at least 16 characters, the same on all nodes.");
            assertThat(log.everything()).doesNotContain("demo-free");
        }
    }

    @Test
    void tryAcquire_manyThreadsOnTwoNodes_admitsExactlyTheCapacity() throws Exception {
        RateLimiter one = builder().secret(SECRET).build();
        RateLimiter two = builder().secret(SECRET).build();
        ExecutorService threads = Executors.newFixedThreadPool(16);
        Callable<Long> caller = () -> IntStream.range(0, 10)
                .filter(i -> (i % 2 == 0 ? one : two).tryAcquire(CLIENT, 1).allowed())
                .count();
        try {
            long admitted = 0;
            for (Future<Long> count : threads.invokeAll(Collections.nCopies(16, caller))) {
                admitted += count.get();
            }
            assertThat(admitted).isEqualTo(12);
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void tryAcquire_tierDeployedWithAnotherLimit_keepsWhatWasConsumed() {
        RateLimiter before = builder().secret(SECRET).build();
        before.tryAcquire(CLIENT, 12);
        Tier raised = Tier.of("free", RateLimit.perMinute(20).withBurst(4));

        RateLimiter after = RateLimiter.builder()
                .redis(connection)
                .namespace("shop")
                .secret(SECRET)
                .decisionTimeout(Duration.ofSeconds(5))
                .tierOf(key -> Optional.of(raised))
                .build();

        assertThat(after.peek(CLIENT).remaining()).isZero();
    }

    @Test
    void acquire_twoNodes_waitForTokensOfOneBucket() throws Exception {
        Tier fast = Tier.of("fast", RateLimit.perSecond(20));
        RateLimiter one = builder().secret(SECRET).build();
        RateLimiter two = builder().secret(SECRET).build();
        RateLimitRequest request = RateLimitRequest.of(fast, "job");
        long begunAt = System.nanoTime();
        one.tryAcquire(request.withCost(20));

        for (int i = 0; i < 3; i++) {
            assertThat(one.acquire(request, LONG_ENOUGH).allowed()).isTrue();
            assertThat(two.acquire(request, LONG_ENOUGH).allowed()).isTrue();
        }

        assertThat(Duration.ofNanos(System.nanoTime() - begunAt))
                .isBetween(Duration.ofMillis(6 * 50 - 60), Duration.ofSeconds(5));
        RateLimitRequest slow = RateLimitRequest.of(Tier.of("slow", RateLimit.perMinute(1)), "job");
        assertThat(one.tryAcquire(slow).allowed()).isTrue();
        assertThat(one.acquire(slow, Duration.ofMillis(100)).allowed()).isFalse();
    }

    @Test
    void tryAcquireAsync_manyAtOnce_completesThemAll() {
        RateLimiter limiter = builder().secret(SECRET).build();

        List<CompletableFuture<RateLimitDecision>> decisions = IntStream.range(0, 100)
                .mapToObj(i -> limiter.tryAcquireAsync(CLIENT, 1).toCompletableFuture())
                .toList();

        assertThat(decisions.stream().map(CompletableFuture::join).filter(RateLimitDecision::allowed))
                .hasSize(12);
    }

    @Test
    void tryAcquire_redisKilled_limitsLocallyAndComesBack() {
        redisMayBeBroken();
        RateLimiter limiter = builder().secret(SECRET).build();
        limiter.tryAcquire(CLIENT, 1);
        REDIS.server().stop();

        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < 13; i++) {
            outcomes.add(limiter.tryAcquire(CLIENT, 1).outcome());
        }

        assertThat(outcomes.subList(0, 12)).containsOnly(Outcome.ALLOWED_DEGRADED);
        assertThat(outcomes.get(12)).isEqualTo(Outcome.DENIED_DEGRADED);
        REDIS.server().start();
        await().atMost(LONG_ENOUGH)
                .until(() -> limiter.tryAcquire(CLIENT, 0).outcome(), outcome -> outcome == Outcome.ALLOWED);
    }

    @Test
    void tryAcquire_inFlightLimit_isSharedByNodesAndGivenBack() {
        RateLimiter one = inFlight();
        RateLimiter two = inFlight();
        Permit permit = one.tryAcquire(CLIENT, 1).permit().orElseThrow();

        assertThat(two.tryAcquire(CLIENT, 1).outcome()).isEqualTo(Outcome.DENIED_IN_FLIGHT);
        assertThat(keys())
                .filteredOn(key -> key.endsWith(":in-flight"))
                .singleElement()
                .asString()
                .matches("shop:rl:\\{[A-Za-z0-9_-]{19}}:one:in-flight");
        permit.release();
        await().atMost(LONG_ENOUGH).until(() -> two.tryAcquire(CLIENT, 1).allowed());
    }

    /** As a crash of the node does: nobody gives the place back, and nothing of the node is left. */
    @Test
    void tryAcquire_nodeIsGoneWithItsPlace_othersGetItAfterTheTimeout() {
        RedisConnection ofOther = RedisConnection.to(REDIS.url());
        assertThat(ofOther.awaitAvailable(LONG_ENOUGH)).isTrue();
        RateLimiter left = inFlight();
        assertThat(inFlight(ofOther).tryAcquire(CLIENT, 1).outcome()).isEqualTo(Outcome.ALLOWED);
        assertThat(left.tryAcquire(CLIENT, 1).outcome()).isEqualTo(Outcome.DENIED_IN_FLIGHT);

        ofOther.close();

        await().atMost(LONG_ENOUGH)
                .until(() -> left.tryAcquire(CLIENT, 1).outcome(), outcome -> outcome == Outcome.ALLOWED);
    }

    private static RateLimiter inFlight() {
        return inFlight(connection);
    }

    private static RateLimiter inFlight(RedisConnection redis) {
        return RateLimiter.builder()
                .redis(redis)
                .namespace("shop")
                .secret(SECRET)
                .decisionTimeout(Duration.ofSeconds(5))
                .tierOf(key -> Optional.of(Tier.of("one", RateLimit.perMinute(1_000))
                        .withInFlight(new InFlightLimit(1, Duration.ofSeconds(2)))))
                .build();
    }

    @Test
    void release_redisAway_doesNotWaitAndThePlaceIsFreeInTheEnd() {
        redisMayBeBroken();
        RateLimiter limiter = inFlight();
        Permit permit = limiter.tryAcquire(CLIENT, 1).permit().orElseThrow();
        REDIS.server().pause();
        long begunAt = System.nanoTime();

        permit.release();

        assertThat(Duration.ofNanos(System.nanoTime() - begunAt)).isLessThan(Duration.ofSeconds(5));
        REDIS.server().resume();
        await().atMost(LONG_ENOUGH)
                .until(() -> limiter.tryAcquire(CLIENT, 1).outcome(), outcome -> outcome == Outcome.ALLOWED);
    }

    @Test
    void release_redisKilled_isForgotten() {
        redisMayBeBroken();
        RateLimiter limiter = inFlight();
        Permit permit = limiter.tryAcquire(CLIENT, 1).permit().orElseThrow();
        REDIS.server().stop();

        permit.release();
        RateLimitDecision here = limiter.tryAcquire(CLIENT, 1);

        assertThat(here.outcome()).isEqualTo(Outcome.ALLOWED_DEGRADED);
        assertThat(limiter.tryAcquire(CLIENT, 1).outcome()).isEqualTo(Outcome.DENIED_DEGRADED);
        here.permit().orElseThrow().release();
        assertThat(limiter.tryAcquire(CLIENT, 1).outcome()).isEqualTo(Outcome.ALLOWED_DEGRADED);
    }

    @Test
    void tryAcquire_redisKilled_leavesTheReportToTheConnection() {
        redisMayBeBroken();
        RateLimiter limiter = builder().secret(SECRET).build();
        limiter.tryAcquire(CLIENT, 1);
        try (LogCapture log = new LogCapture()) {
            REDIS.server().stop();

            for (int i = 0; i < 13; i++) {
                limiter.tryAcquire(CLIENT, 1);
            }

            assertThat(log.warnings()).hasSize(1).first().asString().contains("is away: ");
            assertThat(log.everything()).doesNotContain("Exception: ");
        }
    }

    @Test
    void tryAcquire_redisFrozen_decidesWithinTheBudget() {
        redisMayBeBroken();
        Duration budget = Duration.ofMillis(200);
        List<Duration> latencies = new ArrayList<>();
        RateLimiter limiter = RateLimiter.builder()
                .redis(connection)
                .secret(SECRET)
                .decisionTimeout(budget)
                .whenRedisIsDown(FailurePolicy.DENY)
                .listener((decision, latency) -> latencies.add(latency))
                .build();
        await().atMost(LONG_ENOUGH).until(() -> limiter.tryAcquire(CLIENT, 1).allowed());
        latencies.clear();
        REDIS.server().pause();
        Duration stoodStill;
        try (Standstills standstills = Standstills.watch()) {
            for (int i = 0; i < 20; i++) {
                assertThat(limiter.tryAcquire(CLIENT, 1).outcome()).isEqualTo(Outcome.DENIED_DEGRADED);
            }
            stoodStill = standstills.total();
        }

        Duration longest = budget.plus(stoodStill).multipliedBy(2); // what a standstill took is given back
        assertThat(latencies).hasSize(20).allMatch(latency -> latency.compareTo(longest) < 0);
        assertThat(latencies.subList(10, 20))
                .as("once it is known, most do not wait; one may be held up by the machine")
                .anyMatch(latency -> latency.compareTo(Duration.ofMillis(20)) < 0);
    }

    @Test
    void tryAcquireAsync_redisFrozen_returnsAtOnceAndCompletesDegraded() {
        redisMayBeBroken();
        RateLimiter limiter = builder().secret(SECRET).build();
        limiter.tryAcquire(CLIENT, 1);
        REDIS.server().pause();
        long begunAt = System.nanoTime();

        CompletableFuture<RateLimitDecision> decision =
                limiter.tryAcquireAsync(CLIENT, 1).toCompletableFuture();

        assertThat(Duration.ofNanos(System.nanoTime() - begunAt)).isLessThan(Duration.ofSeconds(5));
        assertThat(decision.join().outcome()).isEqualTo(Outcome.ALLOWED_DEGRADED);
    }

    @Test
    void tryAcquire_foreignBytesInTheBucket_replacesThem() {
        RateLimiter limiter = builder().secret(SECRET).build();
        limiter.tryAcquire(CLIENT, 1);
        REDIS.server().command("SET", keys().get(0), "not a bucket");
        try (LogCapture log = new LogCapture()) {
            assertThat(limiter.tryAcquire(CLIENT, 1).outcome()).isEqualTo(Outcome.ALLOWED);
            assertThat(limiter.tryAcquire(CLIENT, 1).outcome()).isEqualTo(Outcome.ALLOWED);

            assertThat(log.everything()).doesNotContain("demo-free");
        }
    }

    @Test
    void build_redisNeverThere_decidesAtOnce() {
        try (RedisConnection nowhere = RedisConnection.to("redis://127.0.0.1:1");
                RateLimiter limiter =
                        RateLimiter.builder().redis(nowhere).secret(SECRET).build()) {
            assertThat(limiter.tryAcquire(CLIENT, 1).outcome()).isEqualTo(Outcome.ALLOWED_DEGRADED);
        }
    }
}
