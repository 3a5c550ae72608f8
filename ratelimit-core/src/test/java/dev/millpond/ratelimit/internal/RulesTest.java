package dev.millpond.ratelimit.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.millpond.ratelimit.Allowlist;
import dev.millpond.ratelimit.Client;
import dev.millpond.ratelimit.Denylist;
import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.RateLimitDecision;
import dev.millpond.ratelimit.RateLimitDecision.Outcome;
import dev.millpond.ratelimit.RateLimitMode;
import dev.millpond.ratelimit.RateLimitMode.Kind;
import dev.millpond.ratelimit.RateLimitRequest;
import dev.millpond.ratelimit.RateLimitRules;
import dev.millpond.ratelimit.RateLimiter;
import dev.millpond.ratelimit.Tier;
import dev.millpond.ratelimit.internal.engine.LocalLimitEngine;
import dev.millpond.ratelimit.spi.LimitEngine;
import dev.millpond.runtime.Switch;
import dev.millpond.runtime.SwitchMode;
import dev.millpond.runtime.SwitchScope;
import dev.millpond.runtime.Switches;
import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What rules do to decisions. */
class RulesTest {

    private static final Client KNOWN = Client.of("known-key", "192.0.2.1");
    private static final Client ANONYMOUS = Client.ofAddress("203.0.113.9");
    private static final Instant NOON = Instant.parse("2026-11-27T12:00:00Z");
    private static final Tier TWO = Tier.of("pro", RateLimit.perMinute(2));
    private static final Tier TENANT = Tier.of("tenant", RateLimit.perMinute(1));

    private final FakeTicker ticker = new FakeTicker();
    private final List<String> resolved = new ArrayList<>();
    private Instant now = NOON;
    private LimitEngine engine = new LocalLimitEngine(ticker);

    private LimiterBuilder builder() {
        LimiterBuilder builder = new LimiterBuilder();
        builder.secret("sixteen-letters!").tierOf(this::tierOf).ticker(ticker);
        return builder.clock(() -> now);
    }

    private Optional<Tier> tierOf(String key) {
        resolved.add(key);
        return Optional.of(TWO).filter(tier -> key.equals("known-key"));
    }

    private RateLimiter limiter(UnaryOperator<RateLimitRules> rules) {
        LimiterBuilder builder = builder();
        builder.rules(rules.apply(RateLimitRules.none()));
        return builder.build(engine);
    }

    private String digestOf(Client client) {
        return builder().build(engine).digestOf(client);
    }

    private static List<Outcome> outcomes(RateLimiter limiter, RateLimitRequest request, int times) {
        return IntStream.range(0, times)
                .mapToObj(i -> limiter.tryAcquire(request).outcome())
                .toList();
    }

    private static List<Outcome> outcomes(RateLimiter limiter, Client client, int times) {
        return outcomes(limiter, RateLimitRequest.of(client), times);
    }

    @Test
    void tryAcquire_off_passesWithoutAskingAnybody() {
        ScriptedEngine untouched = new ScriptedEngine();
        engine = untouched;
        RateLimiter limiter = limiter(rules -> rules.withMode(RateLimitMode.OFF).withBan("192.0.2.0/24"));

        RateLimitDecision decision = limiter.tryAcquire(KNOWN, 1);

        assertThat(decision)
                .isEqualTo(
                        new RateLimitDecision(Outcome.OFF, Tier.FREE, 12, Optional.empty(), Optional.empty(), false));
        assertThat(decision.allowed()).isTrue();
        assertThat(decision.mode()).isEqualTo(Kind.OFF);
        assertThat(limiter.peek(KNOWN)).isEqualTo(decision);
        assertThat(limiter.refund(KNOWN, 1)).isEqualTo(decision);
        assertThat(resolved).isEmpty();
        assertThat(untouched.buckets).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rate-limit", "millpond"})
    void tryAcquire_switchedOffAndOn_passesWithoutAskingAnybodyMeanwhile(String name) {
        ScriptedEngine untouched = new ScriptedEngine();
        engine = untouched;
        Switches switches = Switches.builder().build();
        LimiterBuilder builder = builder();
        builder.switches(switches).rules(RateLimitRules.none().withBan("192.0.2.0/24"));
        RateLimiter limiter = builder.build(engine);
        assertThat(limiter.tryAcquire(KNOWN, 1).outcome()).isEqualTo(Outcome.DENYLISTED);

        switches.set(new Switch(name), SwitchMode.OFF, SwitchScope.FLEET, "alice");

        assertThat(limiter.tryAcquire(KNOWN, 1).outcome()).isEqualTo(Outcome.OFF);
        assertThat(limiter.peek(KNOWN).allowed()).isTrue();
        assertThat(limiter.refund(KNOWN, 1).outcome()).isEqualTo(Outcome.OFF);
        assertThat(resolved).isEmpty();
        assertThat(untouched.buckets).isEmpty();

        switches.takeBack(new Switch(name), SwitchScope.FLEET, "alice");
        assertThat(limiter.tryAcquire(KNOWN, 1).outcome()).isEqualTo(Outcome.DENYLISTED);
    }

    @Test
    void tryAcquire_disabledByConfiguration_isOffUntilTheSwitchIsOn() {
        Switches switches = Switches.builder().build();
        LimiterBuilder builder = builder();
        builder.enabled(false).switches(switches);
        RateLimiter limiter = builder.build(engine);
        assertThat(limiter.tryAcquire(KNOWN, 3).outcome()).isEqualTo(Outcome.OFF);

        switches.set(Switch.RATE_LIMIT, SwitchMode.ON, SwitchScope.NODE, "alice");

        assertThat(limiter.tryAcquire(KNOWN, 3).outcome()).isEqualTo(Outcome.DENIED);
    }

    @Test
    void tryAcquire_shadow_countsAndTellsButDeniesNobody() {
        RateLimiter limiter = limiter(rules -> rules.withMode(RateLimitMode.SHADOW));
        limiter.tryAcquire(KNOWN, 2);

        RateLimitDecision decision = limiter.tryAcquire(KNOWN, 1);

        assertThat(decision.outcome()).isEqualTo(Outcome.DENIED);
        assertThat(decision.enforced()).isFalse();
        assertThat(decision.allowed()).isTrue();
        assertThat(decision.mode()).isEqualTo(Kind.SHADOW);
        assertThat(decision.retryAfter()).contains(Duration.ofSeconds(30));
        assertThat(limiter.peek(KNOWN)).isEqualTo(decision);
    }

    @Test
    void tryAcquire_nothingSaid_isEnforced() {
        RateLimitDecision decision = limiter(rules -> rules).tryAcquire(KNOWN, 1);

        assertThat(decision.enforced()).isTrue();
        assertThat(decision.mode()).isEqualTo(Kind.ENFORCE);
    }

    @Test
    void tryAcquire_modesOfRouteTierAndAll_theNearestHolds() {
        RateLimiter limiter = limiter(rules -> rules.withMode(RateLimitMode.OFF)
                .withModeOfTier("pro", RateLimitMode.SHADOW)
                .withModeOfRoute("search", RateLimitMode.ENFORCE)
                .withModeOfRoute("health", RateLimitMode.OFF));
        RateLimitRequest known = RateLimitRequest.of(KNOWN);
        RateLimitRequest anonymous = RateLimitRequest.of(ANONYMOUS);

        assertThat(limiter.tryAcquire(anonymous).mode()).isEqualTo(Kind.OFF);
        assertThat(limiter.tryAcquire(anonymous).tier()).isEqualTo(Tier.FREE);
        assertThat(limiter.tryAcquire(known).mode()).isEqualTo(Kind.SHADOW);
        assertThat(limiter.tryAcquire(known.onRoute("elsewhere")).mode()).isEqualTo(Kind.SHADOW);
        assertThat(limiter.tryAcquire(known.onRoute("search")).mode()).isEqualTo(Kind.ENFORCE);
        assertThat(limiter.tryAcquire(anonymous.onRoute("search")).mode()).isEqualTo(Kind.ENFORCE);
        assertThat(limiter.tryAcquire(known.onRoute("health")).mode()).isEqualTo(Kind.OFF);
    }

    @Test
    void tryAcquire_aShareOfClients_isEnforcedAndTheOthersAreWatched() {
        RateLimiter limiter = limiter(rules -> rules.withMode(RateLimitMode.enforceFor(50)));
        List<Client> clients = IntStream.range(0, 200)
                .mapToObj(i -> Client.ofAddress("198.51.100." + i))
                .toList();

        List<Kind> kinds = clients.stream()
                .map(client -> limiter.tryAcquire(client, 1).mode())
                .toList();

        assertThat(kinds.stream().filter(kind -> kind == Kind.ENFORCE)).hasSizeBetween(70, 130);
        assertThat(kinds).doesNotContain(Kind.OFF);
        assertThat(clients)
                .extracting(client -> limiter.tryAcquire(client, 1).mode())
                .isEqualTo(kinds);
        assertThat(kinds.get(0)).isEqualTo(RateLimitMode.enforceFor(50).kindFor(limiter.digestOf(clients.get(0))));
    }

    @Test
    void tryAcquire_oneOfTwoTiersInShadow_doesNotKeepTheOtherFromCounting() {
        RateLimiter limiter = limiter(rules -> rules.withModeOfTier("tenant", RateLimitMode.SHADOW));
        RateLimitRequest request = RateLimitRequest.of(KNOWN).within(TENANT, "acme");
        limiter.tryAcquire(request);

        RateLimitDecision watched = limiter.tryAcquire(request);

        assertThat(watched)
                .extracting(RateLimitDecision::outcome, RateLimitDecision::tier, RateLimitDecision::enforced)
                .containsExactly(Outcome.DENIED, TENANT, false);
        RateLimitDecision denied = limiter.tryAcquire(request);
        assertThat(denied)
                .extracting(RateLimitDecision::outcome, RateLimitDecision::tier, RateLimitDecision::enforced)
                .containsExactly(Outcome.DENIED, TWO, true);
    }

    @Test
    void tryAcquire_enforcedTierDenies_chargesNothingToTheOneInShadow() {
        RateLimiter limiter = limiter(rules -> rules.withModeOfTier("tenant", RateLimitMode.SHADOW));
        limiter.tryAcquire(KNOWN, 2);

        assertThat(limiter.tryAcquire(RateLimitRequest.of(KNOWN).within(TENANT, "acme"))
                        .allowed())
                .isFalse();
        assertThat(limiter.peek(RateLimitRequest.of(TENANT, "acme")).remaining())
                .isEqualTo(1);
    }

    @Test
    void tryAcquire_oneOfTwoTiersOff_countsTheOther() {
        RateLimiter limiter = limiter(rules -> rules.withModeOfTier("pro", RateLimitMode.OFF));
        RateLimitRequest request = RateLimitRequest.of(KNOWN).within(TENANT, "acme");

        assertThat(outcomes(limiter, request, 2)).containsExactly(Outcome.ALLOWED, Outcome.DENIED);
        assertThat(outcomes(limiter, KNOWN, 5)).containsOnly(Outcome.OFF);
    }

    @Test
    void tryAcquire_bannedByTheDigestOfTheKey_isDeniedFromEverywhere() {
        ScriptedEngine untouched = new ScriptedEngine();
        engine = untouched;
        RateLimiter limiter = limiter(rules -> rules.withBan(digestOf(Client.ofKey("known-key"))));

        RateLimitDecision decision = limiter.tryAcquire(KNOWN, 1);

        assertThat(decision)
                .isEqualTo(new RateLimitDecision(Outcome.DENYLISTED, Tier.FREE, 0, Optional.empty(), Optional.empty()));
        assertThat(decision.allowed()).isFalse();
        assertThat(limiter.tryAcquire("known-key").outcome()).isEqualTo(Outcome.DENYLISTED);
        assertThat(limiter.peek(KNOWN)).isEqualTo(decision);
        assertThat(limiter.tryAcquire(ANONYMOUS, 1).allowed()).isTrue();
        assertThat(untouched.buckets).hasSize(1);
        assertThat(resolved).isEmpty();
    }

    @Test
    void tryAcquire_bannedByAddress_isDeniedWithAnyKey() {
        RateLimiter byDigest = limiter(rules -> rules.withBan(digestOf(Client.ofAddress("192.0.2.1"))));
        RateLimiter byNetwork = limiter(rules -> rules.withBan("192.0.2.0/24").withBan("2001:db8::/32"));

        for (RateLimiter limiter : List.of(byDigest, byNetwork)) {
            assertThat(limiter.tryAcquire(KNOWN, 1).outcome()).isEqualTo(Outcome.DENYLISTED);
            assertThat(limiter.tryAcquire(Client.of("made-up", "192.0.2.1"), 1).outcome())
                    .isEqualTo(Outcome.DENYLISTED);
            assertThat(limiter.tryAcquire(ANONYMOUS, 1).allowed()).isTrue();
        }
        assertThat(byNetwork.tryAcquire(Client.ofAddress("2001:db8:7::1"), 1).outcome())
                .isEqualTo(Outcome.DENYLISTED);
        assertThat(byNetwork.tryAcquire(Client.ofKey("known-key"), 1).allowed()).isTrue();
    }

    @Test
    void tryAcquire_banHasEnded_passesAgain() {
        RateLimiter limiter = limiter(rules ->
                rules.withBan(digestOf(ANONYMOUS), NOON.plusSeconds(60)).withBan("203.0.113.8/31", NOON));

        assertThat(limiter.tryAcquire(ANONYMOUS, 1).outcome()).isEqualTo(Outcome.DENYLISTED);
        now = NOON.plusSeconds(60);
        assertThat(limiter.tryAcquire(ANONYMOUS, 1).outcome()).isEqualTo(Outcome.ALLOWED);
    }

    @Test
    void tryAcquire_allowedAndBanned_isAllowed() {
        RateLimiter limiter = limiter(
                rules -> rules.withBan("192.0.2.0/24").withAllowed("192.0.2.1", digestOf(Client.ofKey("partner"))));

        assertThat(limiter.tryAcquire(KNOWN, 1).outcome()).isEqualTo(Outcome.ALLOWLISTED);
        assertThat(limiter.tryAcquire(Client.of("partner", "192.0.2.7"), 1).outcome())
                .isEqualTo(Outcome.ALLOWLISTED);
        assertThat(limiter.tryAcquire(Client.ofAddress("192.0.2.7"), 1).outcome())
                .isEqualTo(Outcome.DENYLISTED);
    }

    @Test
    void tryAcquire_listsOfTheBuilder_holdToo() {
        LimiterBuilder builder = builder();
        builder.denylist(Denylist.of("leaked-key", "203.0.113.0/24")).allowlist(Allowlist.of("203.0.113.7"));
        RateLimiter limiter = builder.build(engine);

        assertThat(limiter.tryAcquire("leaked-key").outcome()).isEqualTo(Outcome.DENYLISTED);
        assertThat(limiter.tryAcquire(ANONYMOUS, 1).outcome()).isEqualTo(Outcome.DENYLISTED);
        assertThat(limiter.tryAcquire(Client.ofAddress("203.0.113.7"), 1).outcome())
                .isEqualTo(Outcome.ALLOWLISTED);
        assertThat(limiter.tryAcquire(KNOWN, 1).outcome()).isEqualTo(Outcome.ALLOWED);
    }

    @Test
    void tryAcquire_bannedInShadow_passes() {
        RateLimiter limiter = limiter(rules -> rules.withBan("192.0.2.0/24")
                .withMode(RateLimitMode.SHADOW)
                .withModeOfRoute("login", RateLimitMode.enforceFor(1)));

        RateLimitDecision decision = limiter.tryAcquire(KNOWN, 1);

        assertThat(decision.outcome()).isEqualTo(Outcome.DENYLISTED);
        assertThat(decision.allowed()).isTrue();
        assertThat(limiter.tryAcquire(RateLimitRequest.of(KNOWN).onRoute("login"))
                        .allowed())
                .isFalse();
    }

    @Test
    void tryAcquire_tierDefinedByRules_replacesTheOneOfTheCode() {
        Tier free = Tier.of("free", RateLimit.perMinute(1));
        Tier pro = Tier.of("pro", RateLimit.perMinute(3));
        Tier tenant = Tier.of("tenant", RateLimit.perMinute(2));
        RateLimiter limiter =
                limiter(rules -> rules.withTier(free).withTier(pro).withTier(tenant));

        assertThat(limiter.tryAcquire(ANONYMOUS, 1).tier()).isEqualTo(free);
        assertThat(limiter.tryAcquire(KNOWN, 1).tier()).isEqualTo(pro);
        assertThat(limiter.tryAcquire(RateLimitRequest.of(TENANT, "acme")).tier())
                .isEqualTo(tenant);
    }

    @Test
    void tryAcquire_tierOfOneClient_holdsWhateverTheResolverSays() {
        Tier special = Tier.of("special", RateLimit.perMinute(7));
        RateLimiter limiter = limiter(rules -> rules.withTierOf(digestOf(KNOWN), special)
                .withTierOf(digestOf(Client.ofKey("new-key")), Tier.PRO)
                .withTierOf(digestOf(ANONYMOUS), special)
                .withTier(TWO));

        assertThat(limiter.tryAcquire(KNOWN, 1).tier()).isEqualTo(special);
        assertThat(limiter.tryAcquire(Client.of("new-key", "203.0.113.9"), 1).tier())
                .isEqualTo(TWO);
        assertThat(resolved).isEmpty();
        assertThat(limiter.tryAcquire(ANONYMOUS, 7).tier()).isEqualTo(special);
        assertThat(limiter.tryAcquire(Client.of("made-up", "203.0.113.9"), 1).outcome())
                .isEqualTo(Outcome.DENIED);
        assertThat(limiter.tryAcquire(Client.of("new-key", "203.0.113.9"), 1).outcome())
                .isEqualTo(Outcome.ALLOWED);
    }

    @Test
    void grantAndReset_clientNotCountedAtTheMoment_changeTheBucketAllTheSame() {
        RateLimiter usual = limiter(rules -> rules);
        RateLimiter off = limiter(rules -> rules.withModeOfTier("pro", RateLimitMode.OFF));
        RateLimiter banned = limiter(rules -> rules.withBan("192.0.2.1"));
        usual.tryAcquire(KNOWN, 2);

        assertThat(off.grant(KNOWN, 5).outcome()).isEqualTo(Outcome.OFF);
        assertThat(usual.peek(KNOWN).remaining()).isEqualTo(5);
        assertThat(banned.reset(KNOWN).outcome()).isEqualTo(Outcome.DENYLISTED);
        assertThat(usual.peek(KNOWN).remaining()).isEqualTo(2);
    }

    @Test
    void digestOf_client_isThatOfItsKeyOrElseOfItsAddress() {
        assertThat(digestOf(KNOWN))
                .isEqualTo(digestOf(Client.ofKey("known-key")))
                .hasSize(19);
        assertThat(digestOf(Client.ofAddress("2001:db8::1"))).isEqualTo(digestOf(Client.ofAddress("2001:db8::2")));
        assertThat(digestOf(ANONYMOUS)).isNotEqualTo(digestOf(Client.ofKey("203.0.113.9")));
    }

    @Test
    void rules_ofTheBuilder_areInForce() {
        assertThat(limiter(rules -> rules.withTier(TWO)).rules())
                .isEqualTo(RateLimitRules.none().withTier(TWO));
    }

    @Test
    void changeRules_inOneProcess_areLaidOverThoseOfTheBuilder() {
        RateLimiter limiter = limiter(rules -> rules.withTier(TWO).withMode(RateLimitMode.SHADOW));
        List<RateLimitRules> given = new ArrayList<>();

        RateLimitRules inForce = limiter.changeRules(changes -> {
            given.add(changes);
            return changes.withMode(RateLimitMode.ENFORCE).withBan("192.0.2.1");
        });

        assertThat(given).containsExactly(RateLimitRules.none());
        assertThat(inForce)
                .isEqualTo(limiter.rules())
                .isEqualTo(RateLimitRules.none()
                        .withTier(TWO)
                        .withMode(RateLimitMode.ENFORCE)
                        .withBan("192.0.2.1"));
        assertThat(limiter.tryAcquire(KNOWN, 1).allowed()).isFalse();
        assertThat(limiter.changeRules(changes -> RateLimitRules.none()).mode()).contains(RateLimitMode.SHADOW);
    }

    @Test
    @SuppressWarnings("NullAway") // The mistake under test.
    void changeRules_changeFails_changesNothing() {
        RateLimiter limiter = limiter(rules -> rules.withTier(TWO));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> limiter.changeRules(changes -> changes.withBan("secret")));
        assertThatNullPointerException()
                .isThrownBy(() -> limiter.changeRules(changes -> null))
                .withMessage(
                        "Changed rate-limit rules are null. Return RateLimitRules.none() to take all changes back.");
        assertThat(limiter.rules()).isEqualTo(RateLimitRules.none().withTier(TWO));
    }

    @Test
    void replaceBaseRules_tierShrinksAndGrows_keepsTheShareThatIsUsed() {
        RateLimiter limiter = limiter(rules -> rules.withTier(perMinute(12)));
        limiter.tryAcquire(KNOWN, 6);

        limiter.replaceBaseRules(RateLimitRules.none().withTier(perMinute(4)));
        assertThat(limiter.peek(KNOWN).remaining()).isEqualTo(2);

        limiter.replaceBaseRules(RateLimitRules.none().withTier(perMinute(100)));
        assertThat(limiter.peek(KNOWN).remaining()).isEqualTo(50);
        assertThat(limiter.tryAcquire(KNOWN, 51).allowed()).isFalse();
    }

    @Test
    void replaceBaseRules_emptyBucket_staysEmpty() {
        RateLimiter limiter = limiter(rules -> rules.withTier(perMinute(10)));
        limiter.tryAcquire(KNOWN, 10);
        assertThat(limiter.tryAcquire(KNOWN, 1).allowed()).isFalse();

        limiter.replaceBaseRules(RateLimitRules.none().withTier(perMinute(1_000)));

        assertThat(limiter.peek(KNOWN).remaining()).isZero();
    }

    private static Tier perMinute(long tokens) {
        return Tier.of("pro", RateLimit.perMinute(tokens));
    }

    @Test
    void replaceBaseRules_operatorsHaveChangedSome_theirsWinAndStay() {
        RateLimiter limiter = limiter(rules -> rules.withTier(TWO).withMode(RateLimitMode.SHADOW));
        limiter.changeRules(changes -> changes.withTier(perMinute(7)).withBan("203.0.113.0/24"));

        limiter.replaceBaseRules(
                RateLimitRules.none().withTier(perMinute(3)).withTier(TENANT).withAllowed("198.51.100.1"));

        assertThat(limiter.rules())
                .isEqualTo(RateLimitRules.none()
                        .withTier(perMinute(7))
                        .withTier(TENANT)
                        .withAllowed("198.51.100.1")
                        .withBan("203.0.113.0/24"));
        limiter.changeRules(changes -> RateLimitRules.none());
        assertThat(limiter.rules().tiers()).containsEntry("pro", perMinute(3));
        assertThat(limiter.rules().bans()).isEmpty();
    }

    @Test
    void baseRules_operatorsHaveChangedSome_areWithoutThose() {
        RateLimitRules base = RateLimitRules.none().withTier(TWO);
        RateLimiter limiter = limiter(rules -> base);
        limiter.changeRules(changes -> changes.withMode(RateLimitMode.OFF));

        assertThat(limiter.baseRules()).isEqualTo(base);
        RateLimitRules inForce = limiter.replaceBaseRules(RateLimitRules.none().withTier(TENANT));

        assertThat(limiter.baseRules()).isEqualTo(RateLimitRules.none().withTier(TENANT));
        assertThat(inForce)
                .isEqualTo(limiter.rules())
                .isEqualTo(limiter.baseRules().withMode(RateLimitMode.OFF));
    }

    @Test
    void replaceBaseRules_whileARequestIsDecided_doesNotTouchThatRequest() {
        LimiterBuilder builder = new LimiterBuilder();
        List<RateLimiter> made = new ArrayList<>();
        builder.secret("sixteen-letters!").tierOf(key -> {
            made.get(0)
                    .replaceBaseRules(
                            RateLimitRules.none().withTier(perMinute(3)).withModeOfTier("pro", RateLimitMode.SHADOW));
            return Optional.of(TWO);
        });
        RateLimiter limiter = builder.build(engine);
        made.add(limiter);

        RateLimitDecision decidedMeanwhile = limiter.tryAcquire(KNOWN, 1);
        RateLimitDecision next = limiter.tryAcquire(KNOWN, 1);

        assertThat(decidedMeanwhile.tier()).isEqualTo(TWO);
        assertThat(decidedMeanwhile.mode()).isEqualTo(Kind.ENFORCE);
        assertThat(next.tier()).isEqualTo(perMinute(3));
        assertThat(next.mode()).isEqualTo(Kind.SHADOW);
    }

    @Test
    @SuppressWarnings("NullAway") // The mistake under test.
    void replaceBaseRules_null_isRefusedAndChangesNothing() {
        RateLimiter limiter = limiter(rules -> rules.withTier(TWO));

        assertThatNullPointerException()
                .isThrownBy(() -> limiter.replaceBaseRules(null))
                .withMessage("Base rules of a rate limiter are null. Use RateLimitRules.none() to take all back.");
        assertThat(limiter.rules()).isEqualTo(RateLimitRules.none().withTier(TWO));
    }

    @Test
    void forgetTier_inOneProcess_makesTheResolverBeAskedAnew() {
        RateLimiter limiter = limiter(rules -> rules);
        limiter.tryAcquire(KNOWN, 1);
        limiter.tryAcquire("other-key");

        limiter.forgetTier(KNOWN);
        limiter.tryAcquire(KNOWN, 1);
        limiter.tryAcquire("other-key");

        assertThat(resolved).containsExactly("known-key", "other-key", "known-key");
    }
}
