package dev.millpond.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millpond.ratelimit.RateLimitDecision.Outcome;
import dev.millpond.ratelimit.internal.LogCapture;
import dev.millpond.runtime.PatientRedis;
import dev.millpond.runtime.RedisConnection;
import dev.millpond.testkit.FaultProxy;
import dev.millpond.testkit.RedisExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Nodes that count each other in Redis, to know how much each of them may admit without it. */
@Tag("one-jdk") // it waits for nodes to be forgotten
class LiveNodesIT {

    private static final Duration LONG_ENOUGH = Duration.ofSeconds(10);
    private static final Duration PROMISED = Duration.ofSeconds(2);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration LIFE = Duration.ofSeconds(5);
    private static final String KEY = "shop:rl-nodes";
    private static final Client CLIENT = Client.ofAddress("192.0.2.1");

    /** 12 tokens, of which none comes back while a test runs. */
    private static final Tier TWELVE =
            Tier.of("slow", RateLimit.of(10, Duration.ofDays(1_000)).withBurst(2));

    @RegisterExtension
    static final RedisExtension REDIS = RedisExtension.create();

    private final List<RedisConnection> connections = new ArrayList<>();
    private final List<RateLimiter> limiters = new ArrayList<>();

    private FaultProxy proxyOfTheFirst;
    private FaultProxy proxyOfOthers;

    @BeforeEach
    void empty() {
        REDIS.server().flush();
        proxyOfTheFirst = FaultProxy.to(REDIS.server());
        proxyOfOthers = FaultProxy.to(REDIS.server());
    }

    @AfterEach
    void disconnect() {
        REDIS.server().resume();
        limiters.forEach(RateLimiter::close);
        connections.forEach(RedisConnection::close);
        proxyOfTheFirst.close();
        proxyOfOthers.close();
    }

    private RateLimiter.Builder node(String namespace) {
        return node(namespace, REDIS.url());
    }

    private RateLimiter.Builder node(String namespace, String url) {
        RedisConnection connection = PatientRedis.connect(url);
        connections.add(connection);
        return RateLimiter.builder()
                .redis(connection)
                .namespace(namespace)
                .secret("a-long-random-secret")
                .defaultTier(TWELVE);
    }

    private RateLimiter started(RateLimiter.Builder builder) {
        RateLimiter limiter = builder.build();
        limiters.add(limiter);
        return limiter;
    }

    private List<RateLimiter> threeNodes() {
        IntStream.range(0, 3).forEach(i -> started(node("shop")));
        awaitNodes(LONG_ENOUGH, 3, limiters);
        return limiters;
    }

    private static void awaitNodes(Duration time, int nodes, List<RateLimiter> limiters) {
        await().atMost(time)
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(() ->
                        assertThat(limiters).extracting(RateLimiter::nodes).containsOnly(nodes));
    }

    private static String stored() {
        return String.valueOf(REDIS.server().command("ZCARD", KEY));
    }

    /** Returns the smallest number that any node believes in until Redis counts all of them again. */
    private int fewestUntilAllAreStored(List<RateLimiter> limiters) {
        AtomicInteger fewest = new AtomicInteger(Integer.MAX_VALUE);
        await().atMost(LONG_ENOUGH).pollInterval(Duration.ofMillis(5)).until(() -> {
            limiters.forEach(limiter -> fewest.accumulateAndGet(limiter.nodes(), Math::min));
            return stored().equals(String.valueOf(limiters.size()));
        });
        return fewest.get();
    }

    private static int admitted(RateLimiter limiter) {
        List<Outcome> outcomes = IntStream.range(0, 20)
                .mapToObj(i -> limiter.tryAcquire(CLIENT, 1).outcome())
                .toList();
        assertThat(outcomes).containsOnly(Outcome.ALLOWED_DEGRADED, Outcome.DENIED_DEGRADED);
        return (int) outcomes.stream().filter(Outcome::allowed).count();
    }

    @Test
    void nodes_threeStart_countEachOtherWithinTheTimePromised() {
        RateLimiter first = started(node("shop"));
        awaitNodes(PROMISED, 1, limiters);
        started(node("shop-2"));
        RateLimiter.Builder second = node("shop");
        RateLimiter.Builder third = node("shop");

        List<RateLimiter> nodes = List.of(first, started(second), started(third));

        awaitNodes(PROMISED, 3, nodes);
        assertThat(REDIS.server().command("PTTL", KEY))
                .asString()
                .satisfies(millis -> assertThat(Long.parseLong(millis)).isBetween(5_000L, 10_000L));
    }

    @Test
    void tryAcquire_redisPaused_admitsItsShareOnEachNodeAndNoMoreInAll() {
        List<RateLimiter> nodes = threeNodes();

        REDIS.server().pause();

        assertThat(nodes).allSatisfy(node -> assertThat(admitted(node)).isEqualTo(4));
    }

    /** Who is heard first after it finds nobody else. */
    @Test
    void nodes_afterAnOutageLongerThanANodeMayBeSilent_areNoFewer() {
        RateLimiter first = started(node("shop", proxyOfTheFirst.url()));
        started(node("shop", proxyOfOthers.url()));
        started(node("shop", proxyOfOthers.url()));
        awaitNodes(LONG_ENOUGH, 3, limiters);
        proxyOfTheFirst.refuse();
        proxyOfOthers.refuse();
        await().pollDelay(LIFE.plusSeconds(1)).atMost(LONG_ENOUGH).until(() -> true);
        assertThat(limiters).extracting(RateLimiter::nodes).containsOnly(3);

        proxyOfTheFirst.restore();
        await().atMost(LONG_ENOUGH).pollInterval(Duration.ofMillis(20)).until(() -> stored().equals("1"));
        await().during(SECOND).atMost(LONG_ENOUGH).until(() -> first.nodes() == 3);
        proxyOfOthers.restore();

        assertThat(fewestUntilAllAreStored(limiters)).isEqualTo(3);
    }

    @Test
    void nodes_redisLosesEverything_areCountedAgainAndNoFewerMeanwhile() {
        List<RateLimiter> nodes = threeNodes();

        REDIS.server().flush();

        assertThat(fewestUntilAllAreStored(nodes)).isEqualTo(3);
        limiters.remove(0).close();
        awaitNodes(LIFE.plus(PROMISED), 2, limiters);
    }

    @Test
    void close_oneOfThree_isNoLongerCountedWithinTheTimePromised() {
        threeNodes();

        limiters.remove(0).close();

        awaitNodes(PROMISED, 2, limiters);
    }

    @Test
    void nodes_oneEndsWithoutAWord_isForgottenSoon() {
        threeNodes();

        connections.get(0).close();

        awaitNodes(LIFE.plus(PROMISED), 2, limiters.subList(1, 3));
        assertThat(limiters.get(0).nodes()).as("the last that it knew").isEqualTo(3);
    }

    @Test
    void nodes_keyOfAnotherType_stayAsCountedAndDecisionsGoOn() {
        List<RateLimiter> nodes = threeNodes();
        try (LogCapture log = new LogCapture()) {
            REDIS.server().command("SET", KEY, "no nodes");

            await().atMost(LONG_ENOUGH)
                    .untilAsserted(() -> assertThat(log.warnings())
                            .hasSize(3)
                            .allSatisfy(warning -> assertThat(warning)
                                    .startsWith(
                                            "Live nodes under 'shop:rl-nodes' cannot be counted; the last number, 3,"
                                                    + " stays. ")
                                    .contains("WRONGTYPE")));
            await().atMost(LONG_ENOUGH)
                    .until(() -> nodes.get(0).tryAcquire(CLIENT, 1).outcome(), outcome -> outcome == Outcome.ALLOWED);
            REDIS.server().command("DEL", KEY);
            assertThat(fewestUntilAllAreStored(nodes)).isEqualTo(3);
            assertThat(log.warnings()).hasSize(3);
        }
    }

    @Test
    void nodes_clockOfRedisWasSetBack_forgetsThoseHeardInTheFuture() {
        List<RateLimiter> nodes = threeNodes();

        REDIS.server().command("ZADD", KEY, Long.toString(Long.MAX_VALUE / 1_000_000), "from the future");

        await().atMost(LONG_ENOUGH).until(() -> stored().equals("3"));
        awaitNodes(PROMISED, 3, nodes);
    }

    @Test
    void nodes_expected_areNotCounted() {
        RateLimiter limiter = started(node("shop").expectedNodes(5));

        await().during(Duration.ofMillis(1_500)).atMost(LONG_ENOUGH).until(() -> stored().equals("0"));
        assertThat(limiter.nodes()).isEqualTo(5);
        REDIS.server().pause();
        assertThat(admitted(limiter)).isEqualTo(3); // of 12
    }
}
