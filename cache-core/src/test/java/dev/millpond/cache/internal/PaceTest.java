package dev.millpond.cache.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PaceTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    @Test
    void reserve_callsAtOnce_spreadsThemFromNowOn() {
        Pace pace = new Pace(4);

        assertThat(pace.reserve(-7)).isEqualTo(-7);
        assertThat(pace.reserve(-7)).isEqualTo(-7 + SECOND / 4);
        assertThat(pace.reserve(-7)).isEqualTo(-7 + SECOND / 2);
    }

    @Test
    void reserve_afterAPause_makesUpForNothing() {
        Pace pace = new Pace(1);
        assertThat(pace.reserve(0)).isZero();

        assertThat(pace.reserve(10 * SECOND)).isEqualTo(10 * SECOND);
        assertThat(pace.reserve(10 * SECOND)).isEqualTo(11 * SECOND);
    }

    @Test
    void reserve_withoutABound_isAlwaysNow() {
        Pace pace = new Pace(Double.POSITIVE_INFINITY);

        assertThat(pace.reserve(5)).isEqualTo(5);
        assertThat(pace.reserve(5)).isEqualTo(5);
    }
}
