package dev.millpond.runtime.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StandstillTest {

    @ParameterizedTest(name = "limit {0} ms, due after {1}, now {2}: {3} more")
    @CsvSource({
        "50, 50, 49, 0",
        "50, 50, 50, 0",
        "50, 50, 55, 0",
        "50, 50, 56, 6",
        "50, 50, 150, 100",
        "50, 112, 112, 0",
        "50, 112, 140, 28",
        "50, 50, 400, 100",
        "50, 450, 490, 10",
        "50, 50, 501, 0",
        "1, 1, 6, 0",
        "300, 300, 330, 0",
        "300, 300, 331, 31"
    })
    void givesBack_limitThatComesLate_isWhatItWasLateUpToTenLimits(long limit, long due, long elapsed, long more) {
        assertThat(Standstill.givesBack(Duration.ofMillis(limit), Duration.ofMillis(due), Duration.ofMillis(elapsed)))
                .isEqualTo(Duration.ofMillis(more));
    }
}
