package dev.millpond.servlet;

import static dev.millpond.servlet.FakeRateLimiter.decision;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.RateLimitDecision;
import dev.millpond.ratelimit.RateLimitDecision.Outcome;
import dev.millpond.ratelimit.Tier;
import dev.millpond.servlet.Fields.Member;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.aggregator.ArgumentsAccessor;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class HeaderDialectTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00.250Z");
    private static final RateLimitDecision FULL =
            new RateLimitDecision(Outcome.ALLOWED, Tier.FREE, 12, Optional.empty(), Optional.empty());

    @Test
    void ietf_freeTier_isWrittenAsTheDraftHasIt() {
        assertThat(HeaderDialect.IETF_DRAFT_11.fields(decision(Outcome.DENIED, Tier.FREE, 0, 6), NOW))
                .containsOnly(
                        Map.entry("RateLimit-Policy", "\"free\";q=10;w=60;millpond-burst=2"),
                        Map.entry("RateLimit", "\"free\";r=0;t=6"));
    }

    @Test
    void ietf_parsedByAnIndependentParser_hasTypedParameters() {
        Map<String, String> fields =
                HeaderDialect.IETF_DRAFT_11.fields(decision(Outcome.ALLOWED_BURST, Tier.PRO, 99, 1), NOW);

        assertThat(Fields.parse(fields.getOrDefault("RateLimit-Policy", "")))
                .containsExactly(new Member("pro", Map.of("q", 1000L, "w", 60L, "millpond-burst", 100L)));
        assertThat(Fields.parse(fields.getOrDefault("RateLimit", "")))
                .containsExactly(new Member("pro", Map.of("r", 99L, "t", 1L)));
    }

    @Test
    void ietf_fullBucket_hasNoReset() {
        assertThat(HeaderDialect.IETF_DRAFT_11.fields(FULL, NOW)).containsEntry("RateLimit", "\"free\";r=12");
    }

    @Test
    void ietf_noBurst_hasNoBurstParameter() {
        Tier tier = Tier.of("flat", RateLimit.perSecond(5));

        assertThat(HeaderDialect.IETF_DRAFT_11.fields(decision(Outcome.ALLOWED, tier, 4, 1), NOW))
                .containsEntry("RateLimit-Policy", "\"flat\";q=5;w=1");
    }

    @ParameterizedTest
    @EnumSource(value = HeaderDialect.class, names = "X_RATELIMIT_EPOCH", mode = EnumSource.Mode.EXCLUDE)
    void write_dialectThatTellsNoTimeOfDay_asksForNone(HeaderDialect dialect) {
        InstantSource none = () -> {
            throw new IllegalStateException("Somebody asked for the time of day.");
        };
        Map<String, String> written = new LinkedHashMap<>();

        dialect.write(decision(Outcome.DENIED, Tier.FREE, 0, 6), none, written::put);

        assertThat(written).isEqualTo(dialect.fields(decision(Outcome.DENIED, Tier.FREE, 0, 6), NOW));
    }

    @ParameterizedTest
    @CsvSource({"5, 500, 10, 1", "5, 1500, 6, 2", "1, 1, 1000, 1", "7, 60000, 7, 60", "1, 1001, 1, 2"})
    void ietf_periodThatIsNotWholeSeconds_isScaledToTheNextWholeSecond(
            long tokens, long periodMillis, long quota, long window) {
        Tier tier = Tier.of("odd", RateLimit.of(tokens, Duration.ofMillis(periodMillis)));

        assertThat(HeaderDialect.IETF_DRAFT_11.fields(decision(Outcome.ALLOWED, tier, 1, 1), NOW))
                .containsEntry("RateLimit-Policy", "\"odd\";q=" + quota + ";w=" + window);
    }

    @ParameterizedTest
    @CsvSource({
        "BUCKET, 10, 60, 2, 12",
        "SMOOTH, 10, 60, 2, 12",
        "WINDOW, 12, 60, , 12",
        "ALIGNED_WINDOW, 12, 60, , 12",
    })
    void fields_anyShape_tellTheQuotaThatItKeeps(
            RateLimit.Shape shape, long quota, long window, @Nullable Long burst, String limit) {
        Tier tier = Tier.of("t", RateLimit.perMinute(10).withBurst(2).withShape(shape));
        Map<String, Object> policy = new HashMap<>(Map.of("q", quota, "w", window));
        if (burst != null) {
            policy.put("millpond-burst", burst);
        }

        assertThat(Fields.parse(policyOf(tier))).containsExactly(new Member("t", policy));
        assertThat(HeaderDialect.X_RATELIMIT_DELTA.fields(decision(Outcome.ALLOWED, tier, 1, 1), NOW))
                .containsEntry("X-RateLimit-Limit", limit);
    }

    @Test
    void ietf_windowThatIsNotWholeSeconds_isScaledWithItsBurst() {
        Tier tier = Tier.of(
                "odd", RateLimit.of(5, Duration.ofMillis(500)).withBurst(1).inWindows());

        assertThat(policyOf(tier)).isEqualTo("\"odd\";q=12;w=1");
    }

    @Test
    void ietf_hugeLimits_stayWithinStructuredIntegers() {
        Duration decades = Duration.ofDays(18_000);
        Tier whole = Tier.of("huge", new RateLimit(2_000_000_000_000_000L, decades, 2_000_000_000_000_000L));
        Tier odd = Tier.of("huge", RateLimit.of(2_000_000_000_000_000L, decades.minusMillis(1)));

        assertThat(Fields.parse(policyOf(whole)))
                .containsExactly(new Member(
                        "huge",
                        Map.of(
                                "q",
                                999_999_999_999_999L,
                                "w",
                                1_555_200_000L,
                                "millpond-burst",
                                999_999_999_999_999L)));
        assertThat(Fields.parse(policyOf(odd)))
                .containsExactly(new Member("huge", Map.of("q", 999_999_999_999_999L, "w", 1_555_200_000L)));
    }

    @Test
    void ietf_partOfASecondToTheNextToken_roundsUp() {
        RateLimitDecision decision = new RateLimitDecision(
                Outcome.ALLOWED, Tier.FREE, 3, Optional.of(Duration.ofNanos(1)), Optional.empty());

        assertThat(HeaderDialect.IETF_DRAFT_11.fields(decision, NOW)).containsEntry("RateLimit", "\"free\";r=3;t=1");
    }

    @Test
    void xRateLimitDelta_countsSecondsFromNow_andTheBurstIntoTheLimit() {
        assertThat(HeaderDialect.X_RATELIMIT_DELTA.fields(decision(Outcome.ALLOWED, Tier.FREE, 11, 6), NOW))
                .containsOnly(
                        Map.entry("X-RateLimit-Limit", "12"),
                        Map.entry("X-RateLimit-Remaining", "11"),
                        Map.entry("X-RateLimit-Reset", "6"));
    }

    @Test
    void xRateLimitDelta_fullBucket_resetsNow() {
        assertThat(HeaderDialect.X_RATELIMIT_DELTA.fields(FULL, NOW)).containsEntry("X-RateLimit-Reset", "0");
    }

    @Test
    void xRateLimitEpoch_roundsTheMomentUp() {
        long start = Instant.parse("2026-01-01T00:00:00Z").getEpochSecond();

        assertThat(HeaderDialect.X_RATELIMIT_EPOCH.fields(decision(Outcome.DENIED, Tier.FREE, 0, 6), NOW))
                .containsOnly(
                        Map.entry("X-RateLimit-Limit", "12"),
                        Map.entry("X-RateLimit-Remaining", "0"),
                        Map.entry("X-RateLimit-Reset", Long.toString(start + 7)));
    }

    @ParameterizedTest
    @CsvSource({
        "IETF_DRAFT_11, RateLimit-Policy, RateLimit",
        "X_RATELIMIT_DELTA, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset",
        "X_RATELIMIT_EPOCH, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset"
    })
    void fields_anyDialect_comeInAFixedOrder(ArgumentsAccessor line) {
        HeaderDialect dialect = requireNonNull(line.get(0, HeaderDialect.class));

        assertThat(dialect.fields(FULL, NOW).keySet().toArray())
                .containsExactly(line.toList().subList(1, line.size()).toArray());
    }

    @ParameterizedTest
    @EnumSource
    void fields_allowlistedClient_areNone(HeaderDialect dialect) {
        assertThat(dialect.fields(decision(Outcome.ALLOWLISTED, Tier.FREE, 12, 6), NOW))
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ALLOWLISTED")
    void fields_noDialect_areNone(Outcome outcome) {
        assertThat(HeaderDialect.NONE.fields(decision(outcome, Tier.FREE, 1, 6), NOW))
                .isEmpty();
    }

    private static String policyOf(Tier tier) {
        return HeaderDialect.IETF_DRAFT_11
                .fields(decision(Outcome.ALLOWED, tier, 1, 1), NOW)
                .getOrDefault("RateLimit-Policy", "");
    }
}
