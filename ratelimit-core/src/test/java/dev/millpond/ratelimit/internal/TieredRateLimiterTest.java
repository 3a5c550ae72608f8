package dev.millpond.ratelimit.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.millpond.ratelimit.Allowlist;
import dev.millpond.ratelimit.Client;
import dev.millpond.ratelimit.FailurePolicy;
import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.RateLimitDecision;
import dev.millpond.ratelimit.RateLimitDecision.Outcome;
import dev.millpond.ratelimit.RateLimitRequest;
import dev.millpond.ratelimit.RateLimiter;
import dev.millpond.ratelimit.Tier;
import dev.millpond.ratelimit.internal.engine.BucketContentionException;
import dev.millpond.ratelimit.internal.engine.RedisTooSlowException;
import dev.millpond.ratelimit.spi.DecisionListener;
import dev.millpond.runtime.spi.RedisUnavailableException;
import dev.millpond.testkit.FakeTicker;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TieredRateLimiterTest {

    private static final Client KNOWN = Client.of("known-key", "192.0.2.1");
    private static final Tier DIVISIBLE = Tier.of("free", new RateLimit(10, Duration.ofMinutes(1), 2));

    private final FakeTicker ticker = new FakeTicker();
    private final ScriptedEngine engine = new ScriptedEngine();
    private final List<DecisionListener> listeners = new ArrayList<>();
    private FailurePolicy policy = FailurePolicy.LIMIT_LOCALLY;
    private Map<Tier, FailurePolicy> policyByTier = Map.of();
    private int nodes = 1;

    private RateLimiter limiter() {
        LimiterBuilder builder = new LimiterBuilder();
        builder.namespace("test")
                .secret("sixteen-letters!")
                .tierOf(key -> Optional.of(Tier.PRO).filter(tier -> key.equals("known-key")))
                .defaultTier(DIVISIBLE)
                .allowlist(Allowlist.of("internal-monitor"))
                .whenRedisIsDown(policy)
                .expectedNodes(nodes)
                .ticker(ticker);
        policyByTier.forEach((tier, itsPolicy) -> builder.whenRedisIsDown(tier, itsPolicy));
        listeners.forEach(builder::listener);
        return builder.build(engine);
    }

    @Test
    void tryAcquire_knownKey_usesItsTierAndItsOwnBucket() {
        RateLimitDecision decision = limiter().tryAcquire(KNOWN, 1);

        assertThat(decision.tier()).isEqualTo(Tier.PRO);
        assertThat(decision.outcome()).isEqualTo(Outcome.ALLOWED);
        assertThat(engine.buckets).singleElement().asString().matches("test:rl:\\{[A-Za-z0-9_-]{19}}:pro");
    }

    @Test
    void tryAcquire_knownKeyFromElsewhere_usesTheSameBucket() {
        limiter().tryAcquire(KNOWN, 1);
        limiter().tryAcquire(Client.of("known-key", "203.0.113.9"), 1);
        limiter().tryAcquire("known-key");

        assertThat(engine.buckets).hasSize(3).containsOnly(engine.buckets.get(0));
    }

    @Test
    void tryAcquire_unknownKeys_shareTheBucketOfTheAddress() {
        RateLimiter limiter = limiter();
        for (int i = 0; i < 100; i++) {
            assertThat(limiter.tryAcquire(Client.of("made-up-" + i, "192.0.2.1"), 1)
                            .tier())
                    .isEqualTo(DIVISIBLE);
        }
        limiter.tryAcquire(Client.ofAddress("192.0.2.1"), 1);
        limiter.tryAcquire(Client.ofAddress("::ffff:192.0.2.1"), 1);

        assertThat(engine.buckets).hasSize(102).containsOnly(engine.buckets.get(0));
    }

    @Test
    void tryAcquire_sameIpv6Network_sharesABucket() {
        limiter().tryAcquire(Client.ofAddress("2001:db8::1"), 1);
        limiter().tryAcquire(Client.ofAddress("[2001:db8::ffff]:99"), 1);
        limiter().tryAcquire(Client.ofAddress("2001:db8:0:1::1"), 1);

        assertThat(engine.buckets.get(1)).isEqualTo(engine.buckets.get(0));
        assertThat(engine.buckets.get(2)).isNotEqualTo(engine.buckets.get(0));
    }

    @Test
    void tryAcquire_allowlisted_asksNobody() {
        RateLimitDecision decision = limiter().tryAcquire("internal-monitor");

        assertThat(decision)
                .isEqualTo(
                        new RateLimitDecision(Outcome.ALLOWLISTED, DIVISIBLE, 12, Optional.empty(), Optional.empty()));
        assertThat(limiter().peek(Client.ofKey("internal-monitor"))).isEqualTo(decision);
        assertThat(engine.buckets).isEmpty();
    }

    @Test
    void tryAcquire_negativeCost_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> limiter().tryAcquire(KNOWN, -1))
                .withMessage("Cost is -1, must be 0 or more. Use 0 for a request that takes no token.");
        assertThatIllegalArgumentException().isThrownBy(() -> limiter().tryAcquireAsync(KNOWN, -1));
    }

    @Test
    void tryAcquire_costAboveTheCapacity_isLoggedOncePerTier() {
        RateLimiter limiter = limiter();
        try (LogCapture log = new LogCapture()) {
            limiter.tryAcquire(KNOWN, 1_101);
            limiter.tryAcquire(KNOWN, 5_000);
            limiter.tryAcquire(Client.ofAddress("192.0.2.1"), 13);

            assertThat(log.warnings())
                    .containsExactly(
                            "A request of cost 1101 can never pass tier 'pro', whose bucket holds 1100 tokens. Lower the"
                                    + " cost or raise the tier's limit or burst. Logged once per tier.",
                            "A request of cost 13 can never pass tier 'free', whose bucket holds 12 tokens. Lower the"
                                    + " cost or raise the tier's limit or burst. Logged once per tier.");
        }
    }

    @Test
    void tryAcquire_redisAwayAndLimitLocally_sharesTheLimitAmongNodes() {
        nodes = 5; // 10 per minute + 2: two per minute, three in the bucket
        engine.failure = new RedisUnavailableException("away");
        RateLimiter limiter = limiter();
        Client client = Client.ofAddress("192.0.2.1");

        for (int left = 2; left >= 0; left--) {
            assertThat(limiter.tryAcquire(client, 1))
                    .isEqualTo(decision(Outcome.ALLOWED_DEGRADED, left, Duration.ofSeconds(30), null));
        }
        assertThat(limiter.tryAcquire(client, 1))
                .isEqualTo(decision(Outcome.DENIED_DEGRADED, 0, Duration.ofSeconds(30), Duration.ofSeconds(30)));
        assertThat(limiter.peek(client))
                .isEqualTo(decision(Outcome.DENIED_DEGRADED, 0, Duration.ofSeconds(30), Duration.ofSeconds(30)));
    }

    @Test
    void tryAcquire_costAboveTheShareOnly_mayBeTriedWhenRedisIsBack() {
        nodes = 5;
        engine.failure = new RedisUnavailableException("away");

        assertThat(limiter().tryAcquire(Client.ofAddress("192.0.2.1"), 4).retryAfter())
                .contains(Duration.ofSeconds(1));
        assertThat(limiter().tryAcquire(Client.ofAddress("192.0.2.1"), 13).retryAfter())
                .isEmpty();
    }

    @Test
    void tryAcquire_redisAwayAndAllow_admits() {
        policy = FailurePolicy.ALLOW;
        engine.failure = new RedisUnavailableException("away");
        RateLimiter limiter = limiter();

        for (int i = 0; i < 20; i++) {
            assertThat(limiter.tryAcquire(Client.ofAddress("192.0.2.1"), 1))
                    .isEqualTo(decision(Outcome.ALLOWED_DEGRADED, 12, null, null));
        }
        assertThat(limiter.peek(Client.ofAddress("192.0.2.1")).outcome()).isEqualTo(Outcome.ALLOWED_DEGRADED);
    }

    @Test
    void tryAcquire_engineAnswersOfFewerBuckets_isDecidedByThePolicy() {
        policy = FailurePolicy.ALLOW;
        engine.answersNothing = true;

        assertThat(limiter().tryAcquire(Client.ofAddress("192.0.2.1"), 1).outcome())
                .isEqualTo(Outcome.ALLOWED_DEGRADED);
    }

    @Test
    void tryAcquire_redisAwayAndDeny_denies() {
        policy = FailurePolicy.DENY;
        engine.failure = new RedisUnavailableException("away");

        assertThat(limiter().tryAcquire(Client.ofAddress("192.0.2.1"), 1))
                .isEqualTo(decision(Outcome.DENIED_DEGRADED, 0, null, Duration.ofSeconds(1)));
    }

    @Test
    void tryAcquire_tierWithItsOwnPolicy_followsIt() {
        policyByTier = Map.of(Tier.PRO, FailurePolicy.DENY);
        engine.failure = new RedisUnavailableException("away");

        assertThat(limiter().tryAcquire(KNOWN, 1).outcome()).isEqualTo(Outcome.DENIED_DEGRADED);
        assertThat(limiter().tryAcquire(Client.ofAddress("192.0.2.1"), 1).outcome())
                .isEqualTo(Outcome.ALLOWED_DEGRADED);
    }

    @Test
    void tryAcquire_redisAwayAndSeveralLimits_followsThePolicyOfEach() {
        Tier tenant = Tier.of("tenant", RateLimit.perMinute(1));
        Tier endpoint = Tier.of("endpoint", RateLimit.perMinute(1));
        policyByTier = Map.of(Tier.PRO, FailurePolicy.ALLOW, endpoint, FailurePolicy.DENY);
        engine.failure = new RedisUnavailableException("away");
        RateLimiter limiter = limiter();
        RateLimitRequest known = RateLimitRequest.of(KNOWN);

        assertThat(limiter.tryAcquire(known.within(tenant, "acme")))
                .extracting(RateLimitDecision::outcome, RateLimitDecision::tier)
                .containsExactly(Outcome.ALLOWED_DEGRADED, tenant);
        assertThat(limiter.peek(known.within(tenant, "acme")))
                .extracting(RateLimitDecision::outcome, RateLimitDecision::tier)
                .containsExactly(Outcome.DENIED_DEGRADED, tenant);
        assertThat(limiter.tryAcquire(known.within(tenant, "other").within(endpoint, "search")))
                .extracting(RateLimitDecision::outcome, RateLimitDecision::tier, RateLimitDecision::failurePolicy)
                .containsExactly(Outcome.DENIED_DEGRADED, endpoint, Optional.of(FailurePolicy.DENY));
        assertThat(limiter.tryAcquire(known))
                .extracting(RateLimitDecision::outcome, RateLimitDecision::failurePolicy)
                .containsExactly(Outcome.ALLOWED_DEGRADED, Optional.of(FailurePolicy.ALLOW));
    }

    @Test
    void tryAcquire_oneNameTwiceInOneTier_isChargedOnce() {
        RateLimiter limiter = limiter();

        limiter.tryAcquire(RateLimitRequest.of(Tier.PRO, "acme").within(Tier.PRO, "acme"));
        limiter.tryAcquire(RateLimitRequest.of(Tier.PRO, "acme").within(Tier.FREE, "acme"));

        assertThat(engine.buckets).hasSize(3);
        assertThat(engine.buckets.get(1)).isEqualTo(engine.buckets.get(0));
        assertThat(engine.buckets.get(2))
                .endsWith("}:free")
                .startsWith(engine.buckets.get(0).substring(0, 30));
    }

    @Test
    void tryAcquire_engineFailsStrangely_isLoggedOncePerMinute() {
        engine.failure = new IllegalStateException("bad bytes in test:rl:x");
        RateLimiter limiter = limiter();
        try (LogCapture log = new LogCapture()) {
            assertThat(limiter.tryAcquire(KNOWN, 1).outcome()).isEqualTo(Outcome.ALLOWED_DEGRADED);
            limiter.tryAcquire(KNOWN, 1);

            assertThat(log.warnings())
                    .containsExactly("A decision failed with java.lang.IllegalStateException: bad bytes in test:rl:x;"
                            + " the failure policy decides instead. Logged once per minute.");
        }
    }

    @Test
    void tryAcquire_redisAway_isNotLoggedHere() {
        engine.failure = new RedisUnavailableException("away");
        try (LogCapture log = new LogCapture()) {
            limiter().tryAcquire(KNOWN, 1);

            assertThat(log.warnings()).isEmpty();
        }
    }

    @Test
    void tryAcquire_redisAwayBehindSeveralWrappers_isNotLoggedHere() {
        engine.failure = new RedisUnavailableException(
                "Redis is away.",
                new CompletionException(new RedisUnavailableException("Redis is away, so the call was not sent.")));
        try (LogCapture log = new LogCapture()) {
            limiter().tryAcquire(KNOWN, 1);

            assertThat(log.warnings()).isEmpty();
        }
    }

    @Test
    void tryAcquire_withListeners_tellsAllOfThemTheDecisionAndItsTime() {
        List<Object> heard = new ArrayList<>();
        listeners.add((decision, latency) -> ticker.advance(Duration.ofMillis(3)));
        listeners.add((decision, latency) -> {
            throw new IllegalStateException("full");
        });
        listeners.add((decision, latency) -> heard.addAll(List.of(decision, latency)));
        try (LogCapture log = new LogCapture()) {
            RateLimitDecision decision = limiter().tryAcquire(KNOWN, 1);

            assertThat(heard).containsExactly(decision, Duration.ZERO);
            assertThat(log.warnings())
                    .singleElement()
                    .asString()
                    .startsWith("Decision listener dev.millpond.ratelimit.internal.TieredRateLimiterTest")
                    .endsWith("failed with java.lang.IllegalStateException: full. Logged once per minute.");
        }
    }

    @Test
    void peek_withListeners_tellsNobody() {
        List<RateLimitDecision> heard = new ArrayList<>();
        listeners.add((decision, latency) -> heard.add(decision));

        limiter().peek(KNOWN);

        assertThat(heard).isEmpty();
    }

    @Test
    void tryAcquireAsync_engineAnswers_completes() {
        assertThat(limiter().tryAcquireAsync(KNOWN, 1).toCompletableFuture())
                .isCompletedWithValueMatching(RateLimitDecision::allowed);
    }

    @Test
    void close_engine_isClosed() {
        limiter().close();

        assertThat(engine.closed).isTrue();
    }

    private RateLimitDecision decision(
            Outcome outcome, long remaining, @Nullable Duration nextToken, @Nullable Duration retryAfter) {
        return new RateLimitDecision(
                        outcome, DIVISIBLE, remaining, Optional.ofNullable(nextToken), Optional.ofNullable(retryAfter))
                .by(policy);
    }

    @ParameterizedTest
    @EnumSource(FailurePolicy.class)
    void tryAcquire_manyCompeteNearTheLimit_deniesWhateverThePolicyAndSaysSoOccasionally(FailurePolicy any) {
        policy = any;
        engine.failure = new BucketContentionException("others were faster", true);
        try (LogCapture log = new LogCapture()) {
            RateLimiter limiter = limiter();

            for (int i = 0; i < 3; i++) {
                assertThat(limiter.tryAcquire(KNOWN, 1))
                        .extracting(RateLimitDecision::outcome, RateLimitDecision::failurePolicy)
                        .containsExactly(Outcome.DENIED_DEGRADED, Optional.empty());
            }
            ticker.advance(Duration.ofMinutes(1));
            limiter.tryAcquire(KNOWN, 1);

            String rest = " decisions so far were not made in time: too many nodes compete for one bucket. Raise the"
                    + " decision timeout of the rate limiter, or send the requests of one client to fewer nodes. Logged"
                    + " once per minute.";
            assertThat(log.warnings()).containsExactly("Redis answers, but 1" + rest, "Redis answers, but 4" + rest);
        }
    }

    @ParameterizedTest
    @CsvSource({"ALLOW, ALLOWED_DEGRADED", "LIMIT_LOCALLY, ALLOWED_DEGRADED", "DENY, DENIED_DEGRADED"})
    void tryAcquire_manyCompeteFarFromTheLimit_followsThePolicy(FailurePolicy any, Outcome expected) {
        policy = any;
        engine.failure = new BucketContentionException("others were faster", false);

        assertThat(limiter().tryAcquire(KNOWN, 1).outcome()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"ALLOW, ALLOWED_DEGRADED", "LIMIT_LOCALLY, ALLOWED_DEGRADED", "DENY, DENIED_DEGRADED"})
    void tryAcquire_redisTooSlow_followsThePolicyAndSaysSoOccasionally(FailurePolicy any, Outcome expected) {
        policy = any;
        engine.failure = new RedisTooSlowException("slow");
        try (LogCapture log = new LogCapture()) {
            RateLimiter limiter = limiter();

            for (int i = 0; i < 3; i++) {
                assertThat(limiter.tryAcquire(KNOWN, 1).outcome()).isEqualTo(expected);
            }

            assertThat(log.warnings())
                    .containsExactly(
                            "Redis answers, but too slowly for the decision timeout; the failure policy decided 1"
                                    + " times so far. Look for what slows Redis down, or raise the decision timeout of the rate"
                                    + " limiter. Logged once per minute.");
        }
    }

    @Test
    void tryAcquire_callFailsBecauseRedisIsAway_isNotLoggedHere() {
        engine.failure = new RedisUnavailableException(
                "The call to Redis failed with ConnectException.", new ConnectException("refused"), true);
        try (LogCapture log = new LogCapture()) {
            limiter().tryAcquire(KNOWN, 1);

            assertThat(log.everything()).isEmpty();
        }
    }

    @Test
    void tryAcquire_redisAnswersWithAnError_isLoggedInOneLine() {
        engine.failure = new RedisUnavailableException(
                "The call to Redis failed with RedisException.",
                new CompletionException(new IllegalStateException("WRONGTYPE")),
                false);
        try (LogCapture log = new LogCapture()) {
            limiter().tryAcquire(KNOWN, 1);

            assertThat(log.everything())
                    .isEqualTo("A decision failed with java.lang.IllegalStateException: WRONGTYPE; the failure policy"
                            + " decides instead. Logged once per minute.\n");
        }
    }
}
