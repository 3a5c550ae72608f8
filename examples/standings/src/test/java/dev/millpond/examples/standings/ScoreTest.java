package dev.millpond.examples.standings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;

class ScoreTest {

    @Test
    void new_goalsInRange_keepsThem() {
        assertThat(new Score(0, 99)).hasToString("Score[homeGoals=0, awayGoals=99]");
    }

    @Test
    void new_negativeGoals_isRefusedByName() {
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> new Score(1, -1))
                .withMessage(
                        "awayGoals is -1, must be 0 to 99. Send a score such as {\"homeGoals\":1,\"awayGoals\":1}.");
    }

    @Test
    void new_tooManyGoals_isRefusedByName() {
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> new Score(100, 0))
                .withMessage(
                        "homeGoals is 100, must be 0 to 99. Send a score such as {\"homeGoals\":1,\"awayGoals\":1}.");
    }

    @Test
    void of_missingGoals_isRefusedByName() {
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> Score.of(null, 1))
                .withMessage("homeGoals is missing, must be 0 to 99."
                        + " Send a score such as {\"homeGoals\":1,\"awayGoals\":1}.");
    }
}
