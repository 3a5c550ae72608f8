package dev.millpond.cache.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PaceTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final FakeTicker time = new FakeTicker();

    @Test
    void begin_beforeTheInterval_isRefused() {
        Pace pace = new Pace(4, time);

        assertThat(pace.early()).isZero();
        assertThat(pace.begin(() -> "first")).isEqualTo("first");
        assertThat(pace.early()).isEqualTo(250_000_000);
        time.advance(Duration.ofNanos(249_999_999));
        assertThat(pace.begin(() -> "early")).isNull();
        time.advance(Duration.ofNanos(1));
        assertThat(pace.begin(() -> "second")).isEqualTo("second");
    }

    @Test
    void begin_withoutWhatItNeeds_takesNobodysTurn() {
        Pace pace = new Pace(1, time);

        assertThat(pace.<String>begin(() -> null)).isNull();

        assertThat(pace.begin(() -> "other")).isEqualTo("other");
    }

    @Test
    void begin_afterAPause_makesUpForNothing() {
        Pace pace = new Pace(1, time);
        assertThat(pace.begin(() -> "first")).isNotNull();
        time.advance(SECOND.multipliedBy(10));

        assertThat(pace.begin(() -> "second")).isNotNull();
        assertThat(pace.early()).isEqualTo(SECOND.toNanos());
    }

    @Test
    void begin_withoutABound_isAlwaysAllowed() {
        Pace pace = new Pace(Double.POSITIVE_INFINITY, time);

        assertThat(pace.begin(() -> "first")).isNotNull();
        assertThat(pace.begin(() -> "second")).isNotNull();
    }
}
