package dev.millpond.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PaceTest {

    @Test
    void of_quick_warmsUpAsLong() {
        assertThat(Pace.of(true, false).warmUp())
                .isEqualTo(Pace.of(false, false).warmUp());
        assertThat(Pace.of(true, false).forFigures()).isTrue();
        assertThat(Pace.of(true, false).suffix()).isEqualTo("-quick");
        assertThat(Pace.of(false, false).suffix()).isEmpty();
    }

    @Test
    void of_smoke_isNotForFigures() {
        Pace smoke = Pace.of(false, true);

        assertThat(smoke.forFigures()).isFalse();
        assertThat(smoke.suffix()).isEqualTo("-smoke");
        assertThat(smoke.text())
                .isEqualTo("SMOKE TEST, NO FIGURES: 1 process of each, warm-up 1.0 s, measured for 1 × 1.0 s");
    }

    @Test
    void withAtMost_fewerThanThatOfFigures_takesFewerAndIsForFigures() {
        Pace few = Pace.of(false, false).withAtMost(3);

        assertThat(few.forks()).isEqualTo(3);
        assertThat(few.forFigures()).isTrue();
        assertThat(few.suffix()).isEmpty();
    }

    @Test
    void withAtMost_quick_staysQuick() {
        assertThat(Pace.of(true, false).withAtMost(3)).isEqualTo(Pace.QUICK);
    }

    @Test
    void text_full_saysHowOften() {
        assertThat(Pace.FULL.text()).isEqualTo("5 processes of each, in turns, warm-up 20.0 s, measured for 5 × 2.0 s");
    }
}
