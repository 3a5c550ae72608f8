package dev.millpond.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.millpond.ratelimit.RateLimitDecision.Outcome;
import dev.millpond.ratelimit.internal.LogCapture;
import dev.millpond.runtime.PatientRedis;
import dev.millpond.runtime.RedisConnection;
import dev.millpond.testkit.RedisExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Changes of rules while nodes run, and while Redis does not. */
@Tag("one-jdk")
class RulesOnRedisIT {

    private static final Duration LONG_ENOUGH = Duration.ofSeconds(10);
    private static final Duration PROMISED = Duration.ofSeconds(2);
    private static final Client CLIENT = Client.of("key-42", "192.0.2.1");
    private static final Tier TWENTY = Tier.of("free", RateLimit.perMinute(20).withBurst(4));

    @RegisterExtension
    static final RedisExtension REDIS = RedisExtension.create();

    private final RedisConnection connection = PatientRedis.connect(REDIS.url());
    private final RedisConnection otherConnection = PatientRedis.connect(REDIS.url());
    private final List<RateLimiter> limiters = new ArrayList<>();
    private final ConcurrentHashMap<String, Tier> plans = new ConcurrentHashMap<>();

    @AfterEach
    void repair() {
        limiters.forEach(RateLimiter::close);
        connection.close();
        otherConnection.close();
        if (REDIS.server().controllable()) {
            REDIS.server().start();
        }
        REDIS.server().command("ACL", "SETUSER", "default", "allchannels");
        REDIS.server().flush();
    }

    private RateLimiter node(RedisConnection redis) {
        plans.putIfAbsent("key-42", Tier.FREE);
        RateLimiter limiter = RateLimiter.builder()
                .redis(redis)
                .namespace("shop")
                .secret("a-long-random-secret")
                .decisionTimeout(Duration.ofSeconds(5))
                .tierOf(key -> Optional.ofNullable(plans.get(key)))
                .build();
        limiters.add(limiter);
        return limiter;
    }

    /** Takes the right to publish and to subscribe away from all nodes, so that only polls are left. */
    private static void loseMessages() {
        REDIS.server().command("ACL", "SETUSER", "default", "resetchannels");
    }

    private static void within(Duration time, Runnable assertion) {
        await().atMost(time).pollInterval(Duration.ofMillis(20)).untilAsserted(assertion::run);
    }

    @Test
    void changeRules_allMessagesLost_areInForceOnTheOtherNodeWithinTheTimePromised() {
        RateLimiter one = node(connection);
        RateLimiter two = node(otherConnection);
        one.tryAcquire(CLIENT, 6);
        loseMessages();

        one.changeRules(rules -> rules.withTier(TWENTY));
        assertThat(one.peek(CLIENT).tier()).isEqualTo(TWENTY);
        within(PROMISED, () -> assertThat(two.peek(CLIENT).tier()).isEqualTo(TWENTY));
        assertThat(two.peek(CLIENT).remaining()).isEqualTo(12); // half, as it was

        one.changeRules(rules -> rules.withBan(one.digestOf(CLIENT)));
        within(PROMISED, () -> assertThat(two.tryAcquire(CLIENT, 1).outcome()).isEqualTo(Outcome.DENYLISTED));

        two.changeRules(rules -> rules.withMode(RateLimitMode.OFF));
        within(PROMISED, () -> assertThat(one.tryAcquire(CLIENT, 1).outcome()).isEqualTo(Outcome.OFF));
        assertThat(one.rules()).isEqualTo(two.rules());
    }

    @Test
    void changeRules_messageArrives_areInForceOnTheOtherNodeAtOnce() {
        RateLimiter one = node(connection);
        RateLimiter two = node(otherConnection);
        awaitListeners(2);

        for (int i = 0; i < 10; i++) { // a poll alone would take half a second on average
            RateLimitMode mode = RateLimitMode.enforceFor(10 + i);
            RateLimitRules changed = one.changeRules(rules -> rules.withMode(mode));
            within(Duration.ofMillis(500), () -> assertThat(two.rules()).isEqualTo(changed));
        }
    }

    private static void awaitListeners(int connections) {
        await().atMost(LONG_ENOUGH)
                .until(() -> String.valueOf(REDIS.server().command("PUBSUB", "NUMSUB", "shop:rl"))
                        .contains(String.valueOf(connections)));
    }

    @Test
    void changeRules_nodeThatStartsLater_goesByThem() {
        node(connection).changeRules(rules -> rules.withTier(TWENTY));

        RateLimiter later = node(otherConnection);

        within(PROMISED, () -> assertThat(later.tryAcquire(CLIENT, 1).tier()).isEqualTo(TWENTY));
        assertThat(later.changeRules(rules -> rules.withoutTier("free"))).isEqualTo(RateLimitRules.none());
    }

    @Test
    void changeRules_redisAway_throwsAndTheLastRulesStay() {
        assumeThat(REDIS.server().controllable()).isTrue();
        RateLimiter one = node(connection);
        one.changeRules(rules -> rules.withBan(one.digestOf(CLIENT)));
        REDIS.server().stop();

        assertThatThrownBy(() -> one.changeRules(rules -> rules.withMode(RateLimitMode.OFF)))
                .isInstanceOf(RateLimitException.class)
                .hasMessageStartingWith("Rate-limit rules under 'shop:rl-rules' may not have been changed: ")
                .hasMessageEndingWith(
                        " Look at them when Redis answers again, and repeat the change if it is not there.");
        assertThatThrownBy(() -> one.forgetTier(CLIENT)).isInstanceOf(RateLimitException.class);

        assertThat(one.rules().mode()).isEmpty();
        assertThat(one.tryAcquire(CLIENT, 1).outcome()).isEqualTo(Outcome.DENYLISTED);
        assertThat(one.tryAcquire(Client.ofAddress("198.51.100.7"), 1).outcome())
                .isEqualTo(Outcome.ALLOWED_DEGRADED);
    }

    @Test
    void changeRules_redisLosesThem_areStoredAgain() {
        RateLimiter one = node(connection);
        RateLimitRules rules = one.changeRules(before -> before.withTier(TWENTY));
        try (LogCapture log = new LogCapture()) {
            REDIS.server().flush();
            within(
                    PROMISED,
                    () -> assertThat(log.everything())
                            .contains(
                                    "Redis had lost the rate-limit rules under 'shop:rl-rules', or the last change of them; version"));
        }

        assertThat(one.rules()).isEqualTo(rules);
        RateLimiter later = node(otherConnection);
        within(PROMISED, () -> assertThat(later.rules()).isEqualTo(rules));
    }

    @Test
    void changeRules_manyNodesAtOnce_loseNoChange() throws Exception {
        List<RateLimiter> nodes = List.of(node(connection), node(otherConnection), node(connection));
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            List<Callable<RateLimitRules>> changes = IntStream.range(0, 30)
                    .<Callable<RateLimitRules>>mapToObj(
                            i -> () -> nodes.get(i % 3).changeRules(rules -> rules.withBan("198.51.100." + i)))
                    .toList();
            for (var change : threads.invokeAll(changes)) {
                change.get();
            }
        } finally {
            threads.shutdown();
        }

        for (RateLimiter node : nodes) {
            within(PROMISED, () -> assertThat(node.rules().bans()).hasSize(30));
        }
    }

    @Test
    void changeRules_storedOnesCannotBeRead_areRefusedAndTheLastStay() {
        RateLimiter one = node(connection);
        RateLimitRules rules = one.changeRules(before -> before.withTier(TWENTY));
        try (LogCapture log = new LogCapture()) {
            REDIS.server().command("SET", "shop:rl-rules", "millpond-rules 2 version 9999999999999\n");
            within(
                    LONG_ENOUGH,
                    () -> assertThat(log.warnings())
                            .containsExactly(
                                    "Rate-limit rules under 'shop:rl-rules' cannot be read: they have format 2, and this"
                                            + " node knows format 1. Those in force stay. Delete the key, or change them on a node of"
                                            + " the version that wrote them."));

            assertThatThrownBy(() -> one.changeRules(before -> before.withMode(RateLimitMode.OFF)))
                    .isInstanceOf(RateLimitException.class)
                    .hasMessage(
                            "Rate-limit rules under 'shop:rl-rules' were not changed: they cannot be read, they have"
                                    + " format 2, and this node knows format 1. Change them on a node of the version that wrote"
                                    + " them, or delete the key first.");
            assertThat(one.rules()).isEqualTo(rules);

            REDIS.server().command("DEL", "shop:rl-rules");
            within(LONG_ENOUGH, () -> assertThat(log.warnings()).hasSize(2));
        }
        assertThat(one.changeRules(before -> before.withMode(RateLimitMode.SHADOW)))
                .isEqualTo(rules.withMode(RateLimitMode.SHADOW));
    }

    @Test
    void changeRules_keyOfAnotherType_isLeftAloneAndDecisionsGoOn() {
        REDIS.server().command("LPUSH", "shop:rl-rules", "x");
        try (LogCapture log = new LogCapture()) {
            RateLimiter one = node(connection);

            assertThatThrownBy(() -> one.changeRules(before -> before.withMode(RateLimitMode.OFF)))
                    .isInstanceOf(RateLimitException.class);

            assertThat(one.tryAcquire(CLIENT, 1).outcome()).isEqualTo(Outcome.ALLOWED);
            within(
                    LONG_ENOUGH,
                    () -> assertThat(log.warnings())
                            .singleElement()
                            .asString()
                            .startsWith(
                                    "Rate-limit rules under 'shop:rl-rules' cannot be looked at; those in force stay. ")
                            .contains("WRONGTYPE"));
        }
    }

    @Test
    void replaceBaseRules_oneOfTwoNodes_carriesTheSharedBucketOverAndTheOverlayStaysOnTop() {
        RateLimiter one = node(connection);
        RateLimiter two = node(otherConnection);
        one.tryAcquire(CLIENT, 6); // of 12

        one.replaceBaseRules(RateLimitRules.none().withTier(TWENTY));
        assertThat(one.peek(CLIENT).remaining()).isEqualTo(12); // of 24
        assertThat(two.peek(CLIENT).tier()).isEqualTo(Tier.FREE);
        two.replaceBaseRules(RateLimitRules.none().withTier(TWENTY));
        assertThat(two.tryAcquire(CLIENT, 12).remaining()).isZero();
        assertThat(one.tryAcquire(CLIENT, 1).outcome()).isEqualTo(Outcome.DENIED);

        Tier ofOperators = Tier.of("free", RateLimit.perMinute(5));
        two.changeRules(rules -> rules.withTier(ofOperators));
        within(PROMISED, () -> assertThat(one.peek(CLIENT).tier()).isEqualTo(ofOperators));
        one.replaceBaseRules(RateLimitRules.none());
        assertThat(one.tryAcquire(CLIENT, 1).tier()).isEqualTo(ofOperators);
        assertThat(one.tryAcquire(CLIENT, 1).outcome()).isEqualTo(Outcome.DENIED);
        assertThat(String.valueOf(REDIS.server().command("GET", "shop:rl-rules")))
                .contains("\ntier free 5/PT1M+0\n")
                .doesNotContain("20/PT1M");
    }

    @Test
    void forgetTier_planHasChanged_countsOnAllNodes() {
        RateLimiter one = node(connection);
        RateLimiter two = node(otherConnection);
        assertThat(one.tryAcquire(CLIENT, 1).tier()).isEqualTo(Tier.FREE);
        assertThat(two.tryAcquire(CLIENT, 1).tier()).isEqualTo(Tier.FREE);
        loseMessages();
        plans.put("key-42", Tier.PRO);

        one.forgetTier(CLIENT);

        assertThat(one.tryAcquire(CLIENT, 1).tier()).isEqualTo(Tier.PRO);
        within(PROMISED, () -> assertThat(two.tryAcquire(CLIENT, 1).tier()).isEqualTo(Tier.PRO));
    }

    @Test
    void changeRules_anything_storesNoKey() {
        RateLimiter one = node(connection);
        one.changeRules(rules -> rules.withBan(one.digestOf(CLIENT)));
        one.forgetTier(CLIENT);

        assertThat(String.valueOf(REDIS.server().command("GET", "shop:rl-rules")))
                .startsWith("millpond-rules 1 version ")
                .contains("\nban " + one.digestOf(CLIENT) + " for-good\n", "\ndoubt " + one.digestOf(CLIENT) + " ")
                .doesNotContain("key-42");
    }
}
