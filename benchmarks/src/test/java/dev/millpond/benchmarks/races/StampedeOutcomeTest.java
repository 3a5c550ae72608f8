package dev.millpond.benchmarks.races;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StampedeOutcomeTest {

    @Test
    void of_rounds_tellsTheRangeAndTheMedian() {
        assertThat(StampedeOutcome.of(32, List.of(3, 1, 2), List.of(4.0, 1.0, 2.0)))
                .isEqualTo(new StampedeOutcome(32, 3, 1, 3, 2.0, 4.0));
    }

    @Test
    void of_evenRounds_hasTheMeanOfTheTwoInTheMiddle() {
        assertThat(StampedeOutcome.of(32, List.of(1, 1), List.of(1.0, 2.0)).medianWait())
                .isEqualTo(1.5);
    }
}
