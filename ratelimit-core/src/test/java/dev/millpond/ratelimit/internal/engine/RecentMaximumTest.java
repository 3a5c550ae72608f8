package dev.millpond.ratelimit.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RecentMaximumTest {

    private final FakeTicker time = new FakeTicker();
    private final RecentMaximum maximum = new RecentMaximum(time);

    @Test
    void value_severalAdded_isTheLargest() {
        assertThat(maximum.value()).isZero();
        maximum.add(3);
        maximum.add(7);
        maximum.add(5);

        assertThat(maximum.value()).isEqualTo(7);
    }

    @Test
    void value_minuteLater_isStillThere() {
        maximum.add(7);
        time.advance(Duration.ofMinutes(1));
        maximum.add(2);
        time.advance(Duration.ofSeconds(59));

        assertThat(maximum.value()).isEqualTo(7);
        time.advance(Duration.ofSeconds(1));
        assertThat(maximum.value()).isEqualTo(2);
    }

    @Test
    void value_twoMinutesWithoutAny_isZero() {
        maximum.add(7);
        time.advance(Duration.ofMinutes(2));

        assertThat(maximum.value()).isZero();
        maximum.add(1);
        assertThat(maximum.value()).isEqualTo(1);
    }
}
