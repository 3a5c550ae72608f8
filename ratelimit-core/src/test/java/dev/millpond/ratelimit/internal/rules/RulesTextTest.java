package dev.millpond.ratelimit.internal.rules;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millpond.ratelimit.InFlightLimit;
import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.RateLimitMode;
import dev.millpond.ratelimit.RateLimitRules;
import dev.millpond.ratelimit.Tier;
import dev.millpond.runtime.spi.UnreadableStateException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RulesTextTest {

    private static final RulesText TEXT = new RulesText();

    private static final String DIGEST = "4xDq2VJ1mZ0d6yUe9tK";
    private static final String OTHER = "ZahwCovbM8neuGJylyb";
    private static final Instant NOON = Instant.parse("2026-11-27T12:00:00Z");

    private static RulesState everything() {
        RateLimitRules rules = RateLimitRules.none()
                .withTier(Tier.of("free", RateLimit.perMinute(20).withBurst(4)).withInFlight(3))
                .withTier(Tier.of(
                                "pro",
                                RateLimit.perSecond(10),
                                RateLimit.of(1_000, Duration.ofDays(1)).withBurst(100))
                        .withInFlight(7)
                        .withLease(5))
                .withTier(Tier.of(
                        "quota",
                        RateLimit.of(1_000, Duration.ofDays(1)).withBurst(5).inWindows(),
                        RateLimit.of(9_000, Duration.ofDays(30)).inAlignedWindows(),
                        RateLimit.perMinute(60).withBurst(2).smooth()))
                .withTierOf(
                        DIGEST,
                        Tier.of("special", RateLimit.of(7, Duration.ofMillis(500)))
                                .withLease(2))
                .withBan(OTHER, NOON.plusMillis(250))
                .withBan("192.0.2.0/24")
                .withBan("2001:db8::/32", Instant.parse("2026-11-28T00:00:00Z"))
                .withAllowed("10.0.0.0/8", DIGEST)
                .withMode(RateLimitMode.SHADOW)
                .withModeOfTier("pro", RateLimitMode.OFF)
                .withModeOfRoute("search", RateLimitMode.ENFORCE)
                .withModeOfRoute("GET /search\n", RateLimitMode.enforceFor(25));
        return new RulesState(
                1_764_244_800_123L,
                rules,
                Map.of(OTHER, NOON.minusSeconds(1), RulesState.EVERYBODY, NOON.minusSeconds(2)),
                List.of());
    }

    private static String golden() throws IOException {
        try (InputStream file = requireNonNull(RulesTextTest.class.getResourceAsStream("/golden/rules-v1.txt"))) {
            return new String(file.readAllBytes(), UTF_8);
        }
    }

    @Test
    void write_everything_keepsItsStoredFormat() throws IOException {
        assertThat(TEXT.write(everything())).isEqualTo(golden());
    }

    /** Whoever adds something to a tier has to write and read it here: what is not stored gets lost on other nodes. */
    @Test
    void write_tiers_knowsAllThatTheyAreMadeOf() {
        assertThat(Tier.class.getRecordComponents())
                .extracting(RecordComponent::getName)
                .containsExactly("name", "limits", "inFlight", "lease");
        assertThat(InFlightLimit.class.getRecordComponents())
                .extracting(RecordComponent::getName)
                .containsExactly("most", "timeout");
        assertThat(RateLimit.class.getRecordComponents())
                .extracting(RecordComponent::getName)
                .containsExactly("tokens", "period", "burst", "shape");
    }

    @Test
    void read_whatWasStored_saysTheSame() throws Exception {
        assertThat(TEXT.read(golden())).isEqualTo(everything());
        assertThat(TEXT.read(TEXT.write(RulesState.none()))).isEqualTo(RulesState.none());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "quota pro 7",
                "",
                "tier free 20/PT1M+4:hexagon",
                "tier free in-flight:3/PT1M",
                "tier free in-flight:3/PT1M 20/PT1M+4",
                "tier free 20/PT1M+4 in-flight:0/PT1M",
                "tier free 20/PT1M+4 in-flight:3/PT48H",
                "tier free 20/PT1M+4 in-flight:99999999999/PT1M",
                "tier free",
                "tier FREE 20/PT1M+4",
                "tier free 0/PT1M+4",
                "tier free 20/PT1M+4 lease:0",
                "tier free 20/PT1M+4 lease:25",
                "tier free lease:2",
                "tier lease:2",
                "tier free 20/1M+4",
                "tier free 99999999999999999999/PT1M+4",
                "client secret-key pro 20/PT1M+4",
                "client 4xDq2VJ1mZ0d6yUe9tK",
                "ban 192.0.2.0/24",
                "ban 192.0.2.0/24 tomorrow",
                "ban 192.0.2.0/24 for-good because",
                "ban 192.0.2.1/24 for-good",
                "allow somebody",
                "allow",
                "mode on",
                "mode shadow 25%",
                "mode-of-tier pro",
                "mode-of-route % off",
                "doubt ZahwCovbM8neuGJylyb yesterday",
            })
    void read_lineOfALaterVersion_keepsItAndDoesNothing(String line) throws Exception {
        RulesState read = TEXT.read("millpond-rules 1 version 7\nmode off\n" + line + "\nallow 10.0.0.0/8\n");

        assertThat(read)
                .isEqualTo(new RulesState(
                        7,
                        RateLimitRules.none().withMode(RateLimitMode.OFF).withAllowed("10.0.0.0/8"),
                        Map.of(),
                        List.of(line)));
        assertThat(TEXT.write(read.with(RateLimitRules.none(), Instant.EPOCH)))
                .isEqualTo("millpond-rules 1 version 8\n" + line + "\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | they do not begin with 'millpond-rules'",
                "nonsense | they do not begin with 'millpond-rules'",
                "{\"mode\":\"off\"} | they do not begin with 'millpond-rules'",
                "millpond-rules 1 version x | they do not begin with 'millpond-rules'",
                "millpond-rules 2 version 7 | they have format 2, and this node knows format 1",
            })
    void read_somethingElse_isRefused(String text, String reason) {
        assertThatThrownBy(() -> TEXT.read(text))
                .isInstanceOf(UnreadableStateException.class)
                .hasMessage(reason);
    }

    @Test
    void read_asManyEntriesAsThereMayBe_isDoneSoon() throws Exception {
        RateLimitRules many = RateLimitRules.none()
                .withBans(IntStream.range(0, RateLimitRules.MAXIMUM_ENTRIES)
                        .mapToObj(i -> String.format("4xDq2VJ1mZ0d6y%05d", i))
                        .collect(Collectors.toMap(digest -> digest, digest -> NOON)));
        RulesState state = RulesState.none().with(many, NOON.minusSeconds(1));

        assertThat(TEXT.read(TEXT.write(state))).isEqualTo(state);
    }
}
