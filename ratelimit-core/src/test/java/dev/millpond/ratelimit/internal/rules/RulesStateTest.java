package dev.millpond.ratelimit.internal.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.ratelimit.RateLimitMode;
import dev.millpond.ratelimit.RateLimitRules;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RulesStateTest {

    private static final String DIGEST = "4xDq2VJ1mZ0d6yUe9tK";
    private static final String OTHER = "ZahwCovbM8neuGJylyb";
    private static final Instant NOON = Instant.parse("2026-11-27T12:00:00Z");
    private static final RateLimitRules OFF = RateLimitRules.none().withMode(RateLimitMode.OFF);

    @Test
    void with_changedRules_hasTheTimeAsItsVersion() {
        RulesState state = RulesState.none().with(OFF, NOON);

        assertThat(state).isEqualTo(new RulesState(NOON.toEpochMilli(), OFF, Map.of(), List.of()));
    }

    @Test
    void with_clockBehindTheLastChange_hasTheNextVersion() {
        RulesState state = RulesState.none().with(OFF, NOON).with(RateLimitRules.none(), NOON.minusSeconds(60));

        assertThat(state.version()).isEqualTo(NOON.toEpochMilli() + 1);
    }

    @Test
    void with_bansThatHaveEnded_leavesThemOut() {
        RateLimitRules bans = RateLimitRules.none()
                .withBan(DIGEST, NOON)
                .withBan(OTHER, NOON.plusMillis(1))
                .withBan("192.0.2.0/24");

        assertThat(RulesState.none().with(bans, NOON).rules()).isEqualTo(bans.withoutBan(DIGEST));
    }

    @Test
    void doubting_someClients_remembersThemForAMinute() {
        RulesState state = RulesState.none().doubting(DIGEST, NOON).doubting(OTHER, NOON.plusSeconds(60));

        assertThat(state.doubts()).containsOnlyKeys(DIGEST, OTHER);
        assertThat(state.with(OFF, NOON.plusSeconds(61)).doubts()).containsOnlyKeys(OTHER);
    }

    @Test
    void doubting_veryManyClients_doubtsEverybody() {
        RulesState state = RulesState.none();
        for (int i = 0; i <= RulesState.MOST_DOUBTS; i++) {
            state = state.doubting(String.format("4xDq2VJ1mZ0d6yUe9%05d", i), NOON);
        }

        assertThat(state.doubts()).containsExactly(Map.entry(RulesState.EVERYBODY, NOON));
    }

    @Test
    void doubting_againAtTheSameMoment_isAnotherDoubt() {
        RulesState once = RulesState.none().doubting(DIGEST, NOON);

        assertThat(once.doubting(DIGEST, NOON).doubts()).isNotEqualTo(once.doubts());
        assertThat(once.doubting(DIGEST, NOON.minusSeconds(1)).doubts()).isNotEqualTo(once.doubts());
    }
}
