package dev.millpond.runtime.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class OutageLinesTest {

    private final FakeTicker ticker = new FakeTicker();
    private final OutageLines lines = new OutageLines("Redis", ticker);

    @Test
    void lost_nowAndThen_isSaidEachTimeAndSoIsTheReturn() {
        for (int i = 0; i < 10; i++) {
            assertThat(lines.lost("is away.")).hasValue("Redis is away.");
            assertThat(lines.returned()).hasValue("Redis answers.");
            ticker.advance(Duration.ofSeconds(31));
        }
    }

    @Test
    void lost_againAndAgain_isSaidThriceAMinuteAndCounted() {
        assertThat(lines.lost("is away.")).hasValue("Redis is away.");
        assertThat(lines.lost("is away.")).hasValue("Redis is away.");
        assertThat(lines.lost("is away."))
                .hasValue("Redis is away. It comes and goes: for a minute, more of that is only counted.");
        assertThat(lines.returned()).hasValue("Redis answers.");
        assertThat(lines.lost("is away.")).isEmpty();
        assertThat(lines.returned()).isEmpty();
        assertThat(lines.lost("is away.")).isEmpty();

        ticker.advance(OutageLines.PER);

        assertThat(lines.lost("is away.")).hasValue("Redis is away. Losses that were not logged: 2.");
        assertThat(lines.lost("is away.")).hasValue("Redis is away.");
    }

    @Test
    void stays_returnWasSaid_isNothing() {
        lines.lost("is away.");
        lines.returned();
        ticker.advance(OutageLines.SETTLED);

        assertThat(lines.stays()).isEmpty();
    }

    @Test
    void stays_returnWasNotSaid_isSaidOnceItHasSettled() {
        loseOftenAndReturn();

        ticker.advance(OutageLines.SETTLED.minusNanos(1));
        assertThat(lines.stays()).isEmpty();
        ticker.advance(Duration.ofNanos(1));
        assertThat(lines.stays()).hasValue("Redis answers, and has done so for 10 s. Losses that were not logged: 1.");
        assertThat(lines.stays()).isEmpty();
    }

    @Test
    void stays_lostAgain_isNothing() {
        loseOftenAndReturn();
        lines.lost("is away.");
        ticker.advance(OutageLines.SETTLED);

        assertThat(lines.stays()).isEmpty();
    }

    private void loseOftenAndReturn() {
        for (int i = 0; i <= OutageLines.MOST_LOSSES; i++) {
            lines.lost("is away.");
        }
        lines.returned();
    }
}
