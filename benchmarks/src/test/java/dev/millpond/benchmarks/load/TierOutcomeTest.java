package dev.millpond.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TierOutcomeTest {

    private static final LoadedTier FREE = LoadedTier.ALL.get(0);

    @Test
    void most_fullBucket_growsByATokenEverySixSeconds() {
        assertThat(FREE.most(Duration.ZERO)).isEqualTo(12);
        assertThat(FREE.most(Duration.ofMillis(5_999))).isEqualTo(12);
        assertThat(FREE.most(Duration.ofSeconds(6))).isEqualTo(13);
        assertThat(FREE.most(Duration.ofMinutes(1))).isEqualTo(22);
    }

    @Test
    void pauseThatOverloads_anyTime_asksForHalfAsMuchAgainAsIsAdmitted() {
        Duration time = Duration.ofMinutes(1);

        assertThat(time.dividedBy(FREE.pauseThatOverloads(time))).isEqualTo(33);
    }

    @Test
    void exact_asMuchAsIsDue_isTrue() {
        assertThat(outcome(22, 0).exact()).isTrue();
    }

    @Test
    void exact_oneTooMany_isFalse() {
        assertThat(outcome(23, 0).exact()).isFalse();
    }

    @Test
    void exact_lessThanIsDue_isFalse() {
        assertThat(outcome(21, 0).exact()).isFalse();
    }

    @Test
    void exact_aFailure_isFalse() {
        assertThat(outcome(22, 1).exact()).isFalse();
    }

    private static TierOutcome outcome(long admitted, long failed) {
        return new TierOutcome(FREE, admitted, 11, failed, Duration.ofMillis(60_000), Duration.ofMillis(60_100));
    }
}
