package dev.millpond.examples.standings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;

class PairTest {

    @Test
    void of_bothOrders_isTheSamePair() {
        assertThat(Pair.of("Scotland", "Hungary"))
                .isEqualTo(Pair.of("Hungary", "Scotland"))
                .isEqualTo(new Pair("Hungary", "Scotland"));
    }

    @Test
    void of_oneTeamTwice_isRefused() {
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> Pair.of("Spain", "Spain"))
                .withMessage("Both teams are 'Spain'. Name two different teams, such as 'Germany' and 'Scotland'.");
    }
}
