package dev.millpond.ratelimit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.ratelimit.Client;
import dev.millpond.ratelimit.Permit;
import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.RateLimitDecision;
import dev.millpond.ratelimit.RateLimitDecision.Outcome;
import dev.millpond.ratelimit.RateLimitMode;
import dev.millpond.ratelimit.RateLimitRequest;
import dev.millpond.ratelimit.RateLimitRules;
import dev.millpond.ratelimit.RateLimiter;
import dev.millpond.ratelimit.Tier;
import dev.millpond.ratelimit.internal.engine.LocalLimitEngine;
import dev.millpond.ratelimit.spi.LimitEngine;
import dev.millpond.runtime.spi.RedisUnavailableException;
import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What limits of requests in flight do to decisions. */
class InFlightTest {

    private static final Tier TWO_AT_ONCE =
            Tier.of("free", RateLimit.perMinute(10).withBurst(2)).withInFlight(2);
    private static final Tier TENANT =
            Tier.of("tenant", RateLimit.perMinute(100)).withInFlight(1);
    private static final Client CLIENT = Client.ofAddress("192.0.2.1");
    private static final RateLimitRequest OF_TENANT =
            RateLimitRequest.of(CLIENT).within(TENANT, "acme");

    private final FakeTicker ticker = new FakeTicker();
    private final List<Outcome> heard = new ArrayList<>();
    private LimitEngine engine = new LocalLimitEngine(ticker);
    private RateLimitRules rules = RateLimitRules.none();
    private int nodes = 1;

    private RateLimiter limiter() {
        LimiterBuilder builder = new LimiterBuilder();
        builder.secret("sixteen-letters!")
                .defaultTier(TWO_AT_ONCE)
                .rules(rules)
                .expectedNodes(nodes)
                .listener((decision, latency) -> heard.add(decision.outcome()))
                .ticker(ticker);
        return builder.build(engine);
    }

    private static void release(RateLimitDecision decision) {
        decision.permit().orElseThrow().release();
    }

    @Test
    void tryAcquire_moreAtOnceThanMayBe_isDeniedUntilOneIsFinished() {
        RateLimiter limiter = limiter();
        RateLimitDecision first = limiter.tryAcquire(CLIENT, 1);
        limiter.tryAcquire(CLIENT, 1);

        RateLimitDecision denied = limiter.tryAcquire(CLIENT, 1);

        assertThat(denied)
                .isEqualTo(new RateLimitDecision(
                        Outcome.DENIED_IN_FLIGHT,
                        TWO_AT_ONCE,
                        10,
                        Optional.of(Duration.ofSeconds(6)),
                        Optional.of(Duration.ofSeconds(1))));
        assertThat(denied.allowed()).isFalse();
        release(first);
        release(first);
        assertThat(limiter.tryAcquire(CLIENT, 1).remaining()).isEqualTo(9);
        assertThat(limiter.tryAcquire(CLIENT, 1).outcome()).isEqualTo(Outcome.DENIED_IN_FLIGHT);
        assertThat(heard)
                .containsExactly(
                        Outcome.ALLOWED,
                        Outcome.ALLOWED,
                        Outcome.DENIED_IN_FLIGHT,
                        Outcome.ALLOWED,
                        Outcome.DENIED_IN_FLIGHT);
    }

    @Test
    void tryAcquire_neverReleased_isAdmittedAfterTheTimeout() {
        RateLimiter limiter = limiter();
        limiter.tryAcquire(CLIENT, 1);
        limiter.tryAcquire(CLIENT, 1);
        ticker.advance(Duration.ofSeconds(60));

        assertThat(limiter.tryAcquire(CLIENT, 1).outcome()).isEqualTo(Outcome.ALLOWED);
    }

    @Test
    void tryAcquire_tokensAreMissing_isDeniedForThem() {
        RateLimiter limiter = limiter();
        limiter.tryAcquire(CLIENT, 12);

        RateLimitDecision denied = limiter.tryAcquire(CLIENT, 1);

        assertThat(denied.outcome()).isEqualTo(Outcome.DENIED);
        assertThat(denied.permit()).isEmpty();
    }

    @Test
    void tryAcquire_limitsOfClientAndTenant_haveOnePermitForBoth() {
        RateLimiter limiter = limiter();
        RateLimitDecision decision = limiter.tryAcquire(OF_TENANT);
        RateLimitDecision denied = limiter.tryAcquire(OF_TENANT);
        assertThat(denied.outcome()).isEqualTo(Outcome.DENIED_IN_FLIGHT);
        assertThat(denied.tier()).isEqualTo(TENANT);

        release(decision);

        assertThat(Stream.generate(() -> limiter.tryAcquire(CLIENT, 1).outcome())
                        .limit(3))
                .containsExactly(Outcome.ALLOWED, Outcome.ALLOWED, Outcome.DENIED_IN_FLIGHT);
        assertThat(limiter.tryAcquire(RateLimitRequest.of(TENANT, "acme")).outcome())
                .isEqualTo(Outcome.ALLOWED);
    }

    @Test
    void tryAcquire_oneLimitInShadow_hasOnePermitForBoth() {
        rules = rules.withModeOfTier("tenant", RateLimitMode.SHADOW);
        RateLimiter limiter = limiter();
        RateLimitDecision both = limiter.tryAcquire(OF_TENANT);
        RateLimitDecision clientOnly = limiter.tryAcquire(OF_TENANT);
        assertThat(clientOnly.outcome()).isEqualTo(Outcome.DENIED_IN_FLIGHT);
        assertThat(clientOnly.allowed()).isTrue();
        assertThat(limiter.tryAcquire(CLIENT, 1).allowed()).isFalse();

        release(both);
        release(clientOnly);

        assertThat(limiter.tryAcquire(OF_TENANT).enforced()).isTrue();
        assertThat(limiter.tryAcquire(CLIENT, 1).allowed()).isTrue();
    }

    @Test
    void tryAcquire_allInShadow_passesWithoutAPermitWhereNoPlaceIsLeft() {
        rules = rules.withMode(RateLimitMode.SHADOW);
        RateLimiter limiter = limiter();

        List<RateLimitDecision> decisions =
                Stream.generate(() -> limiter.tryAcquire(CLIENT, 1)).limit(3).toList();

        assertThat(decisions).allMatch(RateLimitDecision::allowed);
        assertThat(decisions)
                .extracting(decision -> decision.permit().isPresent())
                .containsExactly(true, true, false);
    }

    @Test
    void tryAcquire_redisAwayAndOneLimitInShadow_asksRedisOnceAndWatchesLocally() {
        ScriptedEngine away = new ScriptedEngine();
        away.failure = new RedisUnavailableException("no answer in time");
        engine = away;
        rules = rules.withModeOfTier("tenant", RateLimitMode.SHADOW);
        RateLimiter limiter = limiter();

        RateLimitDecision first = limiter.tryAcquire(OF_TENANT);
        RateLimitDecision second = limiter.tryAcquire(OF_TENANT);

        assertThat(away.buckets).as("once for each decision").hasSize(2).containsOnly(away.buckets.get(0));
        assertThat(first.failurePolicy()).isPresent();
        assertThat(second.outcome()).isEqualTo(Outcome.DENIED_DEGRADED);
        assertThat(second.allowed()).isTrue();
    }

    @Test
    void tryAcquire_limitsOff_hasNoPermit() {
        rules = rules.withMode(RateLimitMode.OFF);

        assertThat(limiter().tryAcquire(CLIENT, 1).permit()).isEmpty();
    }

    @Test
    void peekAndRefund_takeNoPlace() {
        RateLimiter limiter = limiter();
        limiter.tryAcquire(CLIENT, 1);

        assertThat(limiter.peek(CLIENT).permit()).isEmpty();
        assertThat(limiter.refund(CLIENT, 1).permit()).isEmpty();

        assertThat(limiter.tryAcquire(CLIENT, 1).allowed()).isTrue();
    }

    @Test
    void tryAcquire_engineFails_countsAShareOfThePlacesLocally() {
        ScriptedEngine broken = new ScriptedEngine();
        broken.failure = new RedisUnavailableException("away");
        engine = broken;
        nodes = 2;
        RateLimiter limiter = limiter();
        RateLimitDecision first = limiter.tryAcquire(CLIENT, 1);
        RateLimitDecision denied = limiter.tryAcquire(CLIENT, 1);

        assertThat(first.outcome()).isEqualTo(Outcome.ALLOWED_DEGRADED);
        assertThat(denied.outcome()).isEqualTo(Outcome.DENIED_DEGRADED);
        assertThat(denied.retryAfter()).contains(Duration.ofSeconds(1));
        assertThat(denied.remaining()).isEqualTo(5);
        release(first);
        assertThat(limiter.tryAcquire(CLIENT, 1).permit()).get().isInstanceOf(Permit.class);
    }
}
