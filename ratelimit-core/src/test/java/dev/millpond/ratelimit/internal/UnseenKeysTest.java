package dev.millpond.ratelimit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.ratelimit.Client;
import dev.millpond.ratelimit.FailurePolicy;
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
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How often the tier resolver is asked about keys that nobody has seen before. */
class UnseenKeysTest {

    private static final String ADDRESS = "192.0.2.1";
    private static final Client ACME = Client.of("key-of-acme", ADDRESS);

    private final FakeTicker ticker = new FakeTicker();
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger made = new AtomicInteger();
    private LimitEngine engine = new LocalLimitEngine(ticker);
    private Tier defaultTier = Tier.FREE;
    private FailurePolicy policy = FailurePolicy.LIMIT_LOCALLY;
    private RateLimitRules rules = RateLimitRules.none();
    private int nodes = 1;

    private RateLimiter limiter() {
        LimiterBuilder builder = new LimiterBuilder();
        builder.secret("sixteen-letters!")
                .tierOf(this::resolve)
                .defaultTier(defaultTier)
                .whenRedisIsDown(policy)
                .rules(rules)
                .expectedNodes(nodes)
                .ticker(ticker);
        return builder.build(engine);
    }

    private Optional<Tier> resolve(String key) {
        asked.incrementAndGet();
        return key.equals("key-of-acme") ? Optional.of(Tier.PRO) : Optional.empty();
    }

    private Client madeUp() {
        return Client.of("made-up-" + made.incrementAndGet(), ADDRESS);
    }

    private void flood(RateLimiter limiter, int requests) {
        IntStream.range(0, requests).forEach(i -> limiter.tryAcquire(madeUp(), 1));
    }

    @Test
    void tryAcquire_tenThousandMadeUpKeys_asksOncePerTokenOfTheAddress() {
        RateLimiter limiter = limiter();
        flood(limiter, 10_000);
        assertThat(asked).hasValue(12);
        assertThat(limiter.tryAcquire(madeUp(), 1))
                .isEqualTo(new RateLimitDecision(
                        Outcome.DENIED,
                        Tier.FREE,
                        0,
                        Optional.of(Duration.ofSeconds(6)),
                        Optional.of(Duration.ofSeconds(6))));

        for (int second = 1; second <= 60; second++) {
            ticker.advance(Duration.ofSeconds(1));
            flood(limiter, 100);
        }
        assertThat(asked).hasValue(12 + 10);
    }

    @Test
    void tryAcquire_keySeenBeforeTheFlood_passesAndIsAskedForAnew() {
        RateLimiter limiter = limiter();
        limiter.tryAcquire(ACME, 1);
        flood(limiter, 100);
        asked.set(0);

        assertThat(limiter.tryAcquire(ACME, 1).tier()).isEqualTo(Tier.PRO);
        assertThat(asked).hasValue(0);
        ticker.advance(Duration.ofSeconds(31));
        flood(limiter, 100);
        asked.set(0);
        assertThat(limiter.tryAcquire(ACME, 1).outcome()).isEqualTo(Outcome.ALLOWED);
        assertThat(asked).hasValue(1);
    }

    @Test
    void tryAcquire_newKeyDuringTheFlood_isAskedForOnceThereIsAToken() {
        RateLimiter limiter = limiter();
        flood(limiter, 100);
        assertThat(limiter.tryAcquire(ACME, 1).outcome()).isEqualTo(Outcome.DENIED);
        assertThat(limiter.tryAcquire(Client.of("key-of-acme", "192.0.2.2"), 1).tier())
                .as("from elsewhere")
                .isEqualTo(Tier.PRO);

        limiter.forgetTier(ACME);
        assertThat(limiter.tryAcquire(ACME, 1).tier()).isEqualTo(Tier.PRO);
    }

    @Test
    void tryAcquire_tokenCame_asksForTheNewKey() {
        RateLimiter limiter = limiter();
        flood(limiter, 100);
        ticker.advance(Duration.ofSeconds(6));

        assertThat(limiter.tryAcquire(ACME, 1).tier()).isEqualTo(Tier.PRO);
    }

    @Test
    void resetPeekAndRefund_ofANewKeyDuringTheFlood_concernItsOwnTier() {
        RateLimiter limiter = limiter();
        flood(limiter, 100);

        assertThat(limiter.peek(ACME).tier()).isEqualTo(Tier.PRO);
        assertThat(limiter().reset(ACME).tier()).isEqualTo(Tier.PRO);
        assertThat(limiter().refund(ACME, 1).tier()).isEqualTo(Tier.PRO);
    }

    @Test
    void tryAcquire_newKeyAndACostBeyondTheLimitOfAddresses_isAskedFor() {
        assertThat(limiter().tryAcquire(ACME, 1_100).outcome()).isEqualTo(Outcome.ALLOWED_BURST);
    }

    @Test
    void tryAcquire_madeUpKeysAndACostBeyondTheLimitOfAddresses_asksNoMoreOftenThanThatAllows() {
        RateLimiter limiter = limiter();
        IntStream.range(0, 10_000).forEach(i -> limiter.tryAcquire(madeUp(), 13));
        assertThat(asked).hasValue(12);

        ticker.advance(Duration.ofSeconds(6));
        IntStream.range(0, 100).forEach(i -> limiter.tryAcquire(madeUp(), 13));
        assertThat(asked).hasValue(13);
        assertThat(limiter.peek(Client.ofAddress(ADDRESS)).remaining()).isEqualTo(12);
    }

    @Test
    void tryAcquire_costBeyondTheLimitOfAddressesAndTheEngineRemembersNothing_asksNoMoreOftenEither() {
        engine = new ScriptedEngine();
        RateLimiter limiter = limiter();
        IntStream.range(0, 1_000).forEach(i -> limiter.tryAcquire(madeUp(), 13));

        assertThat(asked).hasValue(12);
    }

    @Test
    void tryAcquire_newKeyAndACostBeyondThisNodesShareOfAddresses_isAskedFor() {
        ScriptedEngine away = new ScriptedEngine();
        away.failure = new RedisUnavailableException("away");
        engine = away;
        nodes = 3;
        RateLimiter limiter = limiter();

        assertThat(limiter.tryAcquire(ACME, 5).outcome()).isEqualTo(Outcome.ALLOWED_DEGRADED);
        asked.set(0);
        IntStream.range(0, 100).forEach(i -> limiter.tryAcquire(madeUp(), 5));
        assertThat(asked).hasValue(11);
    }

    @Test
    void tryAcquire_keysWithoutAnAddress_areAskedFor() {
        RateLimiter limiter = limiter();
        IntStream.range(0, 100).forEach(i -> limiter.tryAcquire("made-up-" + i));

        assertThat(asked).hasValue(100);
        assertThat(limiter.tryAcquire("key-of-acme").tier()).isEqualTo(Tier.PRO);
    }

    @Test
    void tryAcquire_limitOfTheAddressInShadow_asksForEachKey() {
        rules = rules.withModeOfTier("free", RateLimitMode.SHADOW);
        flood(limiter(), 100);

        assertThat(asked).hasValue(100);
    }

    @Test
    void tryAcquire_furtherLimitUsedUp_asksForNoKey() {
        Tier search = Tier.of("search", RateLimit.perMinute(3));
        RateLimiter limiter = limiter();
        IntStream.range(0, 100)
                .forEach(i -> limiter.tryAcquire(RateLimitRequest.of(madeUp()).within(search)));

        assertThat(asked).hasValue(3);
    }

    @Test
    void tryAcquire_allPlacesOfTheAddressTaken_asksForNoKey() {
        defaultTier = Tier.FREE.withInFlight(2);
        RateLimiter limiter = limiter();
        RateLimitDecision first = limiter.tryAcquire(madeUp(), 1);
        flood(limiter, 100);
        assertThat(asked).hasValue(2);

        first.permit().orElseThrow().release();
        assertThat(limiter.tryAcquire(madeUp(), 1).allowed()).isTrue();
        assertThat(asked).hasValue(3);
        ticker.advance(Duration.ofSeconds(60));
        assertThat(limiter.tryAcquire(madeUp(), 1).allowed()).isTrue();
    }

    @Test
    void tryAcquire_engineIsAway_asksOncePerTokenOfThisNode() {
        ScriptedEngine away = new ScriptedEngine();
        away.failure = new RedisUnavailableException("away");
        engine = away;
        RateLimiter limiter = limiter();
        flood(limiter, 1_000);
        assertThat(asked).hasValue(12);

        away.failure = null;
        assertThat(limiter.tryAcquire(ACME, 1).tier())
                .as("what was denied meanwhile is over when it is back")
                .isEqualTo(Tier.PRO);
    }

    @Test
    void tryAcquire_engineIsAwayAndThePolicyDenies_asksForEachKey() {
        ScriptedEngine away = new ScriptedEngine();
        away.failure = new RedisUnavailableException("away");
        engine = away;
        policy = FailurePolicy.DENY;
        flood(limiter(), 100);

        assertThat(asked).hasValue(100);
    }
}
