package dev.millpond.cache.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PaceTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    @Test
    void begin_beforeTheInterval_isRefused() {
        Pace pace = new Pace(4);

        assertThat(pace.early(-7)).isZero();
        assertThat(pace.begin(-7, () -> "first")).isEqualTo("first");
        assertThat(pace.early(-7)).isEqualTo(SECOND / 4);
        assertThat(pace.begin(-8 + SECOND / 4, () -> "early")).isNull();
        assertThat(pace.begin(-7 + SECOND / 4, () -> "second")).isEqualTo("second");
    }

    @Test
    void begin_withoutWhatItNeeds_takesNobodysTurn() {
        Pace pace = new Pace(1);

        assertThat(pace.<String>begin(0, () -> null)).isNull();

        assertThat(pace.begin(0, () -> "other")).isEqualTo("other");
    }

    @Test
    void begin_afterAPause_makesUpForNothing() {
        Pace pace = new Pace(1);
        assertThat(pace.begin(0, () -> "first")).isNotNull();

        assertThat(pace.begin(10 * SECOND, () -> "second")).isNotNull();
        assertThat(pace.early(10 * SECOND)).isEqualTo(SECOND);
    }

    @Test
    void begin_withoutABound_isAlwaysAllowed() {
        Pace pace = new Pace(Double.POSITIVE_INFINITY);

        assertThat(pace.begin(5, () -> "first")).isNotNull();
        assertThat(pace.begin(5, () -> "second")).isNotNull();
    }
}
