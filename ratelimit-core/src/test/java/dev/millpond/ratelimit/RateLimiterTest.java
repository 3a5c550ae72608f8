package dev.millpond.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millpond.ratelimit.RateLimitDecision.Outcome;
import dev.millpond.ratelimit.internal.LogCapture;
import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RateLimiterTest {

    @Test
    void build_nothingSet_limitsEverybodyLikeFreeByAddress() {
        RateLimiter limiter = RateLimiter.builder().build();
        Client client = Client.ofAddress("192.0.2.1");

        List<Outcome> outcomes = Stream.generate(() -> limiter.tryAcquire(client, 1))
                .limit(13)
                .map(RateLimitDecision::outcome)
                .toList();

        assertThat(outcomes.subList(0, 10)).containsOnly(Outcome.ALLOWED);
        assertThat(outcomes.subList(10, 13))
                .containsExactly(Outcome.ALLOWED_BURST, Outcome.ALLOWED_BURST, Outcome.DENIED);
        assertThat(limiter.tryAcquire(Client.ofAddress("192.0.2.2"), 1).allowed())
                .isTrue();
    }

    @Test
    void build_everythingSet_works() {
        FakeTicker ticker = new FakeTicker();
        List<Outcome> heard = new ArrayList<>();
        RateLimiter limiter = RateLimiter.builder()
                .namespace("shop")
                .secret("a-long-random-secret")
                .tierOf(key -> key.equals("key-42") ? Optional.of(Tier.PRO) : Optional.empty())
                .defaultTier(Tier.STANDARD)
                .allowlist(Allowlist.of("internal-monitor"))
                .whenRedisIsDown(FailurePolicy.ALLOW)
                .whenRedisIsDown(Tier.PRO, FailurePolicy.DENY)
                .expectedNodes(3)
                .decisionTimeout(Duration.ofMillis(20))
                .ticker(ticker)
                .listener((decision, latency) -> heard.add(decision.outcome()))
                .build();

        assertThat(limiter.tryAcquire("key-42").tier()).isEqualTo(Tier.PRO);
        assertThat(limiter.tryAcquire(Client.ofAddress("192.0.2.1"), 120).tier())
                .isEqualTo(Tier.STANDARD);
        assertThat(limiter.tryAcquire("internal-monitor").outcome()).isEqualTo(Outcome.ALLOWLISTED);
        ticker.advance(Duration.ofMinutes(1));
        assertThat(limiter.peek(Client.ofAddress("192.0.2.1")).remaining()).isEqualTo(100);
        assertThat(heard).containsExactly(Outcome.ALLOWED, Outcome.ALLOWED_BURST, Outcome.ALLOWLISTED);
        limiter.close();
    }

    @Test
    void mostDenied_someDenied_tellsDigestsAndTiers() {
        RateLimiter limiter = RateLimiter.builder()
                .tierOf(key -> Optional.of(Tier.PRO).filter(tier -> key.equals("key-42")))
                .ticker(new FakeTicker())
                .build();
        Client known = Client.of("key-42", "192.0.2.1");
        Client address = Client.ofAddress("192.0.2.1");
        limiter.tryAcquire(known, 1);
        limiter.tryAcquire(known, 1_099);
        limiter.tryAcquire(known, 1);
        limiter.tryAcquire(address, 12);
        limiter.tryAcquire(address, 1);
        limiter.tryAcquire(Client.of("made-up", "192.0.2.1"), 1);
        limiter.peek(address);

        assertThat(limiter.mostDenied())
                .containsExactly(
                        new DeniedClient(limiter.digestOf(address), "free", 2),
                        new DeniedClient(limiter.digestOf(known), "pro", 1));
    }

    @Test
    void mostDenied_severalLimits_tellsTheClientAndTheTierThatDenied() {
        RateLimiter limiter = RateLimiter.builder().build();
        Client client = Client.ofAddress("192.0.2.1");
        RateLimitRequest request =
                RateLimitRequest.of(client).within(Tier.of("tenant", RateLimit.perMinute(1)), "acme");
        limiter.tryAcquire(request);
        limiter.tryAcquire(request);

        assertThat(limiter.mostDenied()).containsExactly(new DeniedClient(limiter.digestOf(client), "tenant", 1));
    }

    @Test
    void mostDenied_shadow_tellsWhoWouldBeDenied() {
        RateLimiter limiter = RateLimiter.builder()
                .rules(RateLimitRules.none().withMode(RateLimitMode.SHADOW))
                .build();
        Client client = Client.ofAddress("192.0.2.1");
        limiter.tryAcquire(client, 12);

        assertThat(limiter.tryAcquire(client, 1).allowed()).isTrue();
        assertThat(limiter.mostDenied()).containsExactly(new DeniedClient(limiter.digestOf(client), "free", 1));
    }

    @Test
    void mostDenied_bannedClient_isNotAmongThem() {
        RateLimiter limiter =
                RateLimiter.builder().denylist(Denylist.of("192.0.2.1")).build();

        assertThat(limiter.tryAcquire(Client.ofAddress("192.0.2.1"), 1).outcome())
                .isEqualTo(Outcome.DENYLISTED);
        assertThat(limiter.mostDenied()).isEmpty();
    }

    @Test
    void stats_withoutRedis_areZero() {
        RateLimiter limiter = RateLimiter.builder().build();
        limiter.tryAcquire("key-42");

        assertThat(limiter.stats()).isEqualTo(RateLimitStats.none());
    }

    @Test
    void build_noSecretAndNoRedis_saysNothing() {
        try (LogCapture log = new LogCapture()) {
            RateLimiter.builder().build().tryAcquire("key-42");

            assertThat(log.everything()).isEmpty();
        }
    }

    static Stream<Arguments> settings() {
        return Stream.of(
                setting("namespace", builder -> builder.namespace("shop")),
                setting("secret", builder -> builder.secret("a-long-random-secret")),
                setting("tierOf", builder -> builder.tierOf(key -> Optional.empty())),
                setting("defaultTier", builder -> builder.defaultTier(Tier.FREE)),
                setting("allowlist", builder -> builder.allowlist(Allowlist.none())),
                setting("whenRedisIsDown", builder -> builder.whenRedisIsDown(FailurePolicy.DENY)),
                setting(
                        "whenRedisIsDown of tier pro",
                        builder -> builder.whenRedisIsDown(Tier.PRO, FailurePolicy.DENY)),
                setting("expectedNodes", builder -> builder.expectedNodes(2)),
                setting("decisionTimeout", builder -> builder.decisionTimeout(Duration.ofMillis(5))),
                setting("ticker", builder -> builder.ticker(new FakeTicker())));
    }

    private static Arguments setting(String name, UnaryOperator<RateLimiter.Builder> set) {
        return Arguments.of(name, set);
    }

    @ParameterizedTest
    @MethodSource("settings")
    void builder_settingGivenTwice_isRefused(String name, UnaryOperator<RateLimiter.Builder> set) {
        RateLimiter.Builder builder = set.apply(RateLimiter.builder());

        assertThatThrownBy(() -> set.apply(builder))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Rate limiter: " + name + " was set twice. Set it once.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a:b", "a b", "{shop}", "shop*"})
    void namespace_unfitForKeys_isRefused(String namespace) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RateLimiter.builder().namespace(namespace))
                .withMessage("Rate limiter: namespace is '" + namespace
                        + "', must be 1 to 64 letters, digits, dots, hyphens or underscores. Choose a name such"
                        + " as 'standings'.");
    }

    @Test
    void secret_short_isRefusedWithoutShowingIt() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RateLimiter.builder().secret("hunter2"))
                .withMessage("Rate limiter: secret has 7 characters, must have at least 16."
                        + " Use a long random text, the same on all nodes.");
    }

    @Test
    void expectedNodes_zero_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RateLimiter.builder().expectedNodes(0))
                .withMessage("Rate limiter: expectedNodes is 0, must be at least 1."
                        + " Give the number of nodes that share the limits.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S", "PT0.000999S", "PT10.001S"})
    void decisionTimeout_outOfRange_isRefused(Duration timeout) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RateLimiter.builder().decisionTimeout(timeout))
                .withMessage("Rate limiter: decisionTimeout is " + timeout
                        + ", must be 1 ms to 10 s. Use a time that a request can spare, such as 50 ms.");
    }

    @SuppressWarnings("NullAway") // The mistakes under test.
    static Stream<Arguments> nulls() {
        RateLimiter limiter = RateLimiter.builder().build();
        return Stream.of(
                mistake("Rate limiter: redis", () -> RateLimiter.builder().redis(null)),
                mistake("Rate limiter: namespace", () -> RateLimiter.builder().namespace(null)),
                mistake("Rate limiter: secret", () -> RateLimiter.builder().secret(null)),
                mistake("Rate limiter: tierOf", () -> RateLimiter.builder().tierOf(null)),
                mistake("Rate limiter: defaultTier", () -> RateLimiter.builder().defaultTier(null)),
                mistake("Rate limiter: allowlist", () -> RateLimiter.builder().allowlist(null)),
                mistake(
                        "Rate limiter: whenRedisIsDown",
                        () -> RateLimiter.builder().whenRedisIsDown(null)),
                mistake(
                        "Rate limiter: tier of whenRedisIsDown",
                        () -> RateLimiter.builder().whenRedisIsDown(null, FailurePolicy.DENY)),
                mistake(
                        "Rate limiter: whenRedisIsDown of tier pro",
                        () -> RateLimiter.builder().whenRedisIsDown(Tier.PRO, null)),
                mistake(
                        "Rate limiter: decisionTimeout",
                        () -> RateLimiter.builder().decisionTimeout(null)),
                mistake("Rate limiter: ticker", () -> RateLimiter.builder().ticker(null)),
                mistake("Rate limiter: listener", () -> RateLimiter.builder().listener(null)),
                mistake("Rate limiter: observer", () -> RateLimiter.builder().observer(null)),
                mistake("Rate limit period", () -> RateLimit.of(1, null)),
                mistake("Tier name", () -> Tier.of(null, RateLimit.perMinute(1))),
                mistake("Limit of tier 'free'", () -> Tier.of("free", null)),
                mistake("Allowlist entry 2", () -> Allowlist.of("internal-monitor", null)),
                mistake("Denylist entry 1", () -> Denylist.of((String) null)),
                mistake("Rate limiter: denylist", () -> RateLimiter.builder().denylist(null)),
                mistake("Rate limiter: rules", () -> RateLimiter.builder().rules(null)),
                mistake("Client", () -> limiter.digestOf(null)),
                mistake("The other allowlist", () -> Allowlist.none().or(null)),
                mistake("API key of a client", () -> Client.ofKey(null)),
                mistake("API key of a client", () -> Client.of(null, "192.0.2.1")),
                mistake("Address of a client", () -> Client.of("key-42", null)),
                mistake("Address of a client", () -> Client.ofAddress(null)),
                mistake("Client", () -> limiter.tryAcquire((Client) null, 1)),
                mistake("Client", () -> limiter.peek((Client) null)),
                mistake("Request", () -> limiter.tryAcquire((RateLimitRequest) null)),
                mistake("Request", () -> limiter.peek((RateLimitRequest) null)));
    }

    private static Arguments mistake(String name, ThrowingCallable call) {
        return Arguments.of(name, call);
    }

    @ParameterizedTest
    @MethodSource("nulls")
    void anySetting_null_isRefusedWhereItIsGiven(String name, ThrowingCallable call) {
        assertThatNullPointerException().isThrownBy(call).withMessageStartingWith(name + " is null. ");
    }

    @Test
    void within_requestWithoutAClient_isRefused() {
        RateLimitRequest request = RateLimitRequest.of(Tier.PRO, "tenant-7");

        assertThatThrownBy(() -> request.within(Tier.FREE))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "Request has no client whose bucket tier 'free' could be. Use within(tier, name), or a request"
                                + " of a client.");
    }

    @Test
    void from_clientOfARequestOfNames_isOnTheListsButNotCharged() {
        Client monitor = Client.of("monitor", "192.0.2.1");
        Client other = Client.of("other", "192.0.2.1");
        Tier guard = Tier.of("guard", RateLimit.perMinute(1));
        try (RateLimiter limiter = RateLimiter.builder()
                .tierOf(key -> Optional.of(Tier.FREE))
                .allowlist(Allowlist.of("monitor"))
                .build()) {
            RateLimitRequest named = RateLimitRequest.of(guard, "address:192.0.2.1");

            assertThat(limiter.tryAcquire(named.from(other)).outcome()).isEqualTo(Outcome.ALLOWED);
            assertThat(limiter.tryAcquire(named.from(other)).outcome()).isEqualTo(Outcome.DENIED);
            assertThat(limiter.tryAcquire(named.from(monitor)).outcome()).isEqualTo(Outcome.ALLOWLISTED);
            assertThat(limiter.peek(other).remaining()).isEqualTo(12);
        }
    }

    @Test
    void from_requestOfAClient_isRefused() {
        RateLimitRequest request = RateLimitRequest.of(Client.ofKey("k"));

        assertThatThrownBy(() -> request.from(Client.ofKey("other")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Request has a client already. Use from(client) on a request of names only.");
    }

    @Test
    void hasUnknownKey_asksTheResolverOnce() {
        AtomicInteger asked = new AtomicInteger();
        try (RateLimiter limiter = RateLimiter.builder()
                .tierOf(key -> {
                    asked.incrementAndGet();
                    return key.equals("known") ? Optional.of(Tier.PRO) : Optional.empty();
                })
                .build()) {
            limiter.tryAcquire("made-up");

            assertThat(limiter.hasUnknownKey(Client.ofKey("made-up"))).isTrue();
            assertThat(asked).hasValue(1);
            assertThat(limiter.hasUnknownKey(Client.ofKey("known"))).isFalse();
            assertThat(limiter.hasUnknownKey(Client.ofAddress("192.0.2.1"))).isFalse();
        }
    }

    @Test
    void hasUnknownKey_resolverFails_isFalse() {
        try (RateLimiter limiter = RateLimiter.builder()
                .tierOf(key -> {
                    throw new IllegalStateException("database away");
                })
                .build()) {
            assertThat(limiter.hasUnknownKey(Client.ofKey("perhaps-known"))).isFalse();
        }
    }
}
