package dev.millpond.runtime.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ProbeTimesTest {

    private static final Duration INTERVAL = Duration.ofMillis(500);
    private static final Duration LONG = Duration.ofMillis(200);

    private final FakeTicker ticker = new FakeTicker();
    private final ProbeTimes times = new ProbeTimes(ticker, INTERVAL);

    @Test
    void ended_firstProbe_isItsTime() {
        assertThat(probe(LONG)).isEqualTo(LONG);
    }

    @Test
    void ended_probeThatBeganInTime_isItsTime() {
        probe(Duration.ZERO);
        ticker.advance(INTERVAL.plusMillis(50));

        assertThat(probe(LONG)).isEqualTo(LONG);
    }

    @Test
    void ended_probeThatBeganLate_saysNothingOfRedis() {
        probe(LONG);
        ticker.advance(INTERVAL.plusMillis(51));

        assertThat(probe(LONG)).isZero();

        ticker.advance(INTERVAL);
        assertThat(probe(LONG)).isEqualTo(LONG);
    }

    private Duration probe(Duration time) {
        times.began();
        ticker.advance(time);
        return times.ended();
    }
}
