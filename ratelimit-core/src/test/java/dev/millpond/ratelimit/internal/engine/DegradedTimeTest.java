package dev.millpond.ratelimit.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DegradedTimeTest {

    private final FakeTicker time = new FakeTicker();
    private boolean available = true;
    private final DegradedTime degraded = new DegradedTime(time, () -> available);

    private void pass(long seconds) {
        time.advance(Duration.ofSeconds(seconds));
    }

    private void assertTotal(long seconds) {
        assertThat(degraded.total()).isEqualTo(Duration.ofSeconds(seconds));
    }

    @Test
    void total_redisAlwaysAnswers_isZero() {
        degraded.answered();
        pass(60);
        degraded.answered();
        degraded.back();

        assertTotal(0);
    }

    @Test
    void total_outageWithOneRequest_growsUntilRedisIsBack() {
        pass(100);
        available = false;
        degraded.failed();
        pass(30);
        assertTotal(30);
        pass(40);
        available = true;
        degraded.back();

        pass(1_000);
        assertTotal(70);
    }

    @Test
    void total_outageNobodyReads_isCountedWhole() {
        available = false;
        degraded.failed();
        pass(70);
        available = true;
        degraded.back();

        assertTotal(70);
    }

    @Test
    void total_redisAnswersBeforeItIsKnownToBeBack_isCountedWhole() {
        available = false;
        for (int i = 0; i < 140; i++) {
            degraded.failed();
            time.advance(Duration.ofMillis(500));
        }
        available = true;
        degraded.answered();
        degraded.back();

        pass(5);
        assertTotal(70);
    }

    @Test
    void total_severalOutages_isTheirSum() {
        for (int i = 0; i < 3; i++) {
            available = false;
            degraded.failed();
            pass(10);
            available = true;
            degraded.back();
            pass(20);
        }

        assertTotal(30);
    }

    @Test
    void total_slowRedisThatSeemsToBeThere_growsWhileRequestsFail() {
        for (int i = 0; i < 60; i++) {
            degraded.failed();
            pass(1);
        }
        degraded.answered();
        pass(60);

        assertTotal(60);
    }

    @Test
    void total_oneLateAnswerAmongMany_isTheTimeToTheNextAnswer() {
        degraded.failed();
        time.advance(Duration.ofMillis(3));
        degraded.answered();
        pass(60);

        assertThat(degraded.total()).isEqualTo(Duration.ofMillis(3));
    }

    @Test
    void total_oneLateAnswerAndNobodyAsksAnyMore_isASecond() {
        degraded.failed();
        pass(3_600);
        assertTotal(1);

        degraded.failed();
        pass(3_600);
        degraded.answered();
        assertTotal(2);
    }

    @Test
    void total_redisGoesAwayLongAfterALateAnswer_countsNoTimeInBetween() {
        degraded.failed();
        pass(3_600);
        assertTotal(1);
        available = false;
        pass(10);
        available = true;
        degraded.back();

        assertTotal(1);
    }

    @Test
    void total_whateverHappens_neverFalls() {
        Duration before = Duration.ZERO;
        for (int i = 0; i < 10_000; i++) {
            available = i % 7 < 4;
            switch (i % 5) {
                case 0, 1 -> degraded.failed();
                case 2 -> degraded.answered();
                default -> time.advance(Duration.ofMillis(i % 3 * 900L));
            }
            assertThat(degraded.total()).isGreaterThanOrEqualTo(before);
            before = degraded.total();
        }
        assertThat(before).isLessThan(Duration.ofNanos(time.read()));
    }
}
