package dev.millpond.ratelimit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.ratelimit.DeniedClient;
import dev.millpond.ratelimit.FailurePolicy;
import dev.millpond.ratelimit.RateLimitDecision;
import dev.millpond.ratelimit.RateLimitDecision.Outcome;
import dev.millpond.ratelimit.Tier;
import dev.millpond.testkit.FakeTicker;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MostDeniedTest {

    private final FakeTicker time = new FakeTicker();
    private final MostDenied denied = new MostDenied(time);

    private static RateLimitDecision decision(Outcome outcome, Tier tier) {
        return new RateLimitDecision(outcome, tier, 0, Optional.empty(), Optional.empty());
    }

    private void deny(String digest, int times) {
        for (int i = 0; i < times; i++) {
            denied.note(digest, decision(Outcome.DENIED, Tier.FREE), time.read());
        }
    }

    @Test
    void clients_severalDenied_beginWithTheOneDeniedMost() {
        deny("seldom", 1);
        deny("often", 5);
        denied.note("seldom", decision(Outcome.DENIED, Tier.PRO).inShadow(), time.read());

        assertThat(denied.clients())
                .containsExactly(
                        new DeniedClient("often", "free", 5),
                        new DeniedClient("seldom", "free", 1),
                        new DeniedClient("seldom", "pro", 1));
    }

    @ParameterizedTest
    @CsvSource({
        "ALLOWED, false",
        "ALLOWED_BURST, false",
        "ALLOWLISTED, false",
        "ALLOWED_DEGRADED, false",
        "OFF, false",
        "DENIED, true",
        "DENIED_IN_FLIGHT, true",
        "DENIED_DEGRADED, false",
        "DENYLISTED, false"
    })
    void note_anyOutcome_countsWhatALimitDenied(Outcome outcome, boolean counts) {
        denied.note("client", decision(outcome, Tier.FREE), time.read());

        assertThat(denied.clients()).hasSize(counts ? 1 : 0);
    }

    @ParameterizedTest
    @CsvSource({"LIMIT_LOCALLY, 1", "DENY, 0"})
    void note_deniedWithoutRedis_countsIfALimitDenied(FailurePolicy policy, int counted) {
        denied.note("client", decision(Outcome.DENIED_DEGRADED, Tier.FREE).by(policy), time.read());

        assertThat(denied.clients()).hasSize(counted);
    }

    @Test
    void clients_nextPeriod_areTheSumOfBoth() {
        deny("old", 3);
        time.advance(MostDenied.PERIOD);
        deny("old", 2);
        deny("new", 4);

        assertThat(denied.clients())
                .containsExactly(new DeniedClient("old", "free", 5), new DeniedClient("new", "free", 4));
    }

    @Test
    void clients_periodAfterNext_areForgotten() {
        deny("old", 3);
        time.advance(MostDenied.PERIOD);
        deny("new", 1);
        time.advance(MostDenied.PERIOD);

        assertThat(denied.clients()).containsExactly(new DeniedClient("new", "free", 1));
    }

    @Test
    void clients_longQuiet_areForgotten() {
        deny("yesterday", 1_000);
        time.advance(MostDenied.PERIOD.multipliedBy(2));

        assertThat(denied.clients()).isEmpty();
    }

    @Test
    void clients_aMillionOthers_areNoMoreThanThereIsRoomForAndHaveTheWorst() {
        for (int i = 0; i < 1_000_000; i++) {
            deny("client-" + i, 1);
            if (i % 20 == 0) {
                deny("worst", 1);
            }
            if (i % 100_000 == 0) {
                assertThat(denied.size()).isLessThanOrEqualTo(2 * MostDenied.CLIENTS);
            }
        }

        assertThat(denied.size()).isEqualTo(MostDenied.CLIENTS);
        assertThat(denied.clients())
                .hasSize(MostDenied.CLIENTS)
                .first()
                .isEqualTo(new DeniedClient("worst", "free", 50_000));
    }
}
