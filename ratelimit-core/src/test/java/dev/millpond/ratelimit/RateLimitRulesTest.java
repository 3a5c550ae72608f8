package dev.millpond.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Instant;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RateLimitRulesTest {

    private static final String DIGEST = "4xDq2VJ1mZ0d6yUe9tK";
    private static final String OTHER = "ZahwCovbM8neuGJylyb";
    private static final Instant NOON = Instant.parse("2026-11-27T12:00:00Z");
    private static final Tier TWENTY = Tier.of("free", RateLimit.perMinute(20));

    private static RateLimitRules everything() {
        return RateLimitRules.none()
                .withTier(TWENTY)
                .withTierOf(DIGEST, Tier.PRO)
                .withBan(OTHER, NOON)
                .withBan("192.0.2.0/24")
                .withAllowed("10.0.0.0/8", DIGEST)
                .withMode(RateLimitMode.SHADOW)
                .withModeOfTier("pro", RateLimitMode.OFF)
                .withModeOfRoute("search", RateLimitMode.enforceFor(25));
    }

    @Test
    void with_everything_isSaid() {
        RateLimitRules rules = everything();

        assertThat(rules.tiers()).containsExactly(Map.entry("free", TWENTY));
        assertThat(rules.tiersOfClients()).containsExactly(Map.entry(DIGEST, Tier.PRO));
        assertThat(rules.bans())
                .containsExactly(Map.entry("192.0.2.0/24", RateLimitRules.FOR_GOOD), Map.entry(OTHER, NOON));
        assertThat(rules.allowed()).containsExactly("10.0.0.0/8", DIGEST);
        assertThat(rules.mode()).contains(RateLimitMode.SHADOW);
        assertThat(rules.modesOfTiers()).containsExactly(Map.entry("pro", RateLimitMode.OFF));
        assertThat(rules.modesOfRoutes()).containsExactly(Map.entry("search", RateLimitMode.enforceFor(25)));
    }

    @Test
    void without_everything_saysNothingAgain() {
        RateLimitRules rules = everything()
                .withoutTier("free")
                .withoutTierOf(DIGEST)
                .withoutBan(OTHER)
                .withoutBan("192.0.2.0/24")
                .withoutAllowed("10.0.0.0/8")
                .withoutAllowed(DIGEST)
                .withoutMode()
                .withoutModeOfTier("pro")
                .withoutModeOfRoute("search");

        assertThat(rules).isEqualTo(RateLimitRules.none()).hasSameHashCodeAs(RateLimitRules.none());
    }

    @Test
    void with_something_leavesTheRulesBeforeAlone() {
        RateLimitRules before = everything();

        RateLimitRules after = before.withBan(DIGEST);

        assertThat(before).isEqualTo(everything()).isNotEqualTo(after);
    }

    @Test
    void withBan_networksThatAreTheSame_areOneEntry() {
        RateLimitRules rules = RateLimitRules.none().withBan("192.0.2.7").withBan("::ffff:192.0.2.7", NOON);

        assertThat(rules.bans()).containsExactly(Map.entry("192.0.2.7/32", NOON));
        assertThat(rules.withoutBan("192.0.2.7")).isEqualTo(RateLimitRules.none());
    }

    @Test
    void overlaidBy_others_theseWin() {
        RateLimitRules base = everything();
        RateLimitRules changes = RateLimitRules.none()
                .withTier(Tier.FREE)
                .withBan(OTHER)
                .withBan(DIGEST, NOON)
                .withModeOfTier("pro", RateLimitMode.ENFORCE);

        RateLimitRules both = base.overlaidBy(changes);

        assertThat(both.tiers()).containsEntry("free", Tier.FREE);
        assertThat(both.bans()).hasSize(3).containsEntry(OTHER, RateLimitRules.FOR_GOOD);
        assertThat(both.modesOfTiers()).containsEntry("pro", RateLimitMode.ENFORCE);
        assertThat(both.mode()).contains(RateLimitMode.SHADOW);
        assertThat(base.overlaidBy(RateLimitRules.none().withMode(RateLimitMode.OFF))
                        .mode())
                .contains(RateLimitMode.OFF);
    }

    @ParameterizedTest
    @ValueSource(strings = {"secret-key", "eyJhbGciOi.eyJzdWIi.SflKxwRJ", "", "4xDq2VJ1mZ0d6yUe9tKpL"})
    void withBan_somethingElse_isRefusedWithoutShowingIt(String key) {
        String message =
                "Rate-limit rules: an entry is neither a digest nor a network. Use limiter.digestOf(client), or a"
                        + " network such as 10.0.0.0/8. It is not shown, since it may be an API key.";
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RateLimitRules.none().withBan(key))
                .withMessage(message);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RateLimitRules.none().withAllowed(key))
                .withMessage(message);
    }

    @Test
    void withBan_notTheFirstAddressOfItsNetwork_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RateLimitRules.none().withBan("10.0.0.1/8"))
                .withMessageStartingWith("Network '10.0.0.1/8' does not begin with its first address.");
    }

    @Test
    void withTierOf_aNetwork_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RateLimitRules.none().withTierOf("10.0.0.0/8", Tier.PRO))
                .withMessage("Rate-limit rules: the client of tier 'pro' is not given by a digest. Use"
                        + " limiter.digestOf(client). It is not shown, since it may be an API key.");
    }

    @SuppressWarnings("NullAway") // The mistakes under test.
    private static Stream<ThrowingCallable> nulls() {
        RateLimitRules rules = RateLimitRules.none();
        return Stream.of(
                () -> rules.withTier(null),
                () -> rules.withTierOf(DIGEST, null),
                () -> rules.withTierOf(null, Tier.PRO),
                () -> rules.withBan(null),
                () -> rules.withBan(DIGEST, null),
                () -> rules.withAllowed((String) null),
                () -> rules.withMode(null),
                () -> rules.withModeOfTier("pro", null),
                () -> rules.withModeOfTier(null, RateLimitMode.OFF),
                () -> rules.withModeOfRoute("search", null),
                () -> rules.withModeOfRoute(null, RateLimitMode.OFF),
                () -> rules.overlaidBy((RateLimitRules) null));
    }

    @ParameterizedTest
    @MethodSource("nulls")
    void with_null_isRefusedWhereItIsGiven(ThrowingCallable call) {
        assertThatNullPointerException().isThrownBy(call).withMessageContaining(" is null. ");
    }

    @Test
    void withBans_moreEntriesThanNodesShouldRead_areRefused() {
        Map<String, Instant> bans = IntStream.range(0, 10_001)
                .mapToObj(i -> String.format("4xDq2VJ1mZ0d6y%05d", i))
                .collect(Collectors.toMap(digest -> digest, digest -> NOON));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> RateLimitRules.none().withBans(bans))
                .withMessage(
                        "Rate-limit rules have 10001 entries, must have at most 10000. Remove bans that have ended,"
                                + " use networks instead of single clients, or let the tier resolver say which tier a client has.");
    }

    @Test
    void toString_always_namesNoClient() {
        assertThat(everything())
                .hasToString("RateLimitRules[tiers=[free], tiersOfClients=1, bans=2, allowed=2, mode=shadow,"
                        + " modesOfTiers={pro=off}, modesOfRoutes={search=25%}]");
    }
}
