package dev.millpond.examples.standings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class ScoreTest {

    @Test
    void new_goalsInRange_keepsThem() {
        assertThat(new Score(0, 99)).hasToString("Score[homeGoals=0, awayGoals=99]");
    }

    @Test
    void new_negativeGoals_isRefusedByName() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Score(1, -1))
                .withMessage("awayGoals is -1, must be 0 to 99. Give the goals of the final score.");
    }

    @Test
    void new_tooManyGoals_isRefusedByName() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Score(100, 0))
                .withMessage("homeGoals is 100, must be 0 to 99. Give the goals of the final score.");
    }
}
