package dev.millpond.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class FakeTickerTest {

    private final FakeTicker ticker = new FakeTicker();

    @Test
    void create_always_standsStillAtTheFixedStart() {
        assertThat(ticker.read()).isZero();
        assertThat(ticker.instant()).isEqualTo("2026-01-01T00:00:00Z");
        assertThat(ticker.read()).isZero();
    }

    @Test
    void advance_severalTimes_movesBothClocksByTheSum() {
        ticker.advance(Duration.ofSeconds(90));
        ticker.advance(Duration.ofNanos(7));

        assertThat(ticker.read()).isEqualTo(90_000_000_007L);
        assertThat(ticker.instant()).isEqualTo("2026-01-01T00:01:30.000000007Z");
        assertThat(ticker.millis()).isEqualTo(FakeTicker.START.toEpochMilli() + 90_000);
    }

    @Test
    void advance_negativeTime_isRefusedAndLeavesTheClock() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ticker.advance(Duration.ofSeconds(-1)))
                .withMessage(
                        "FakeTicker cannot be advanced by PT-1S: elapsed time never runs back. Use a new FakeTicker.");
        assertThat(ticker.read()).isZero();
    }
}
