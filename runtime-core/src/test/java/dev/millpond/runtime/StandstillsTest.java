package dev.millpond.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class StandstillsTest {

    private static final Duration LONG = Duration.ofSeconds(3);

    private final FakeTicker time = new FakeTicker();

    @AutoClose
    private final Standstills standstills = new Standstills(time::read);

    private void standStill() {
        time.advance(Standstills.BEAT.plus(LONG));
    }

    @Test
    void total_beatInTime_isZero() {
        time.advance(Standstills.BEAT);
        standstills.beat();

        assertThat(standstills.total()).isZero();
    }

    @Test
    void total_standstillBeforeTheNextBeat_isCounted() {
        standStill();

        assertThat(standstills.total()).isEqualTo(LONG);
    }

    @Test
    void total_beatAfterAStandstill_countsItOnce() {
        standStill();
        standstills.beat();

        assertThat(standstills.total()).isEqualTo(LONG);
    }

    @Test
    void total_closed_staysAsItIs() {
        standStill();
        standstills.close();
        standStill();

        assertThat(standstills.total()).isEqualTo(LONG);
    }
}
