package dev.millpond.runtime.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.runtime.spi.HealthSource.Rate;
import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class RateHistoryTest {

    private static final Duration INTERVAL = Duration.ofSeconds(5);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration FIVE_MINUTES = Duration.ofMinutes(5);

    private final FakeTicker ticker = new FakeTicker();
    private final AtomicLong hits = new AtomicLong();
    private final AtomicLong requests = new AtomicLong();
    private final RateHistory history =
            new RateHistory(new Rate("hitRate", hits::get, requests::get), FIVE_MINUTES, ticker.read());

    @Test
    void over_nothingHappened_isUnknown() {
        assertThat(over(MINUTE)).isEmpty();
        pass(Duration.ofHours(1), 0, 0);
        assertThat(over(MINUTE)).isEmpty();
        assertThat(over(FIVE_MINUTES)).isEmpty();
    }

    @Test
    void over_rightAfterTheStart_isTheRateSinceThen() {
        count(3, 4);

        assertThat(over(MINUTE)).hasValue(0.75);
        assertThat(over(FIVE_MINUTES)).hasValue(0.75);
    }

    @Test
    void over_whatWasBeforeTheStart_doesNotCount() {
        count(100, 100);
        RateHistory later = new RateHistory(new Rate("hitRate", hits::get, requests::get), FIVE_MINUTES, ticker.read());
        count(0, 10);

        assertThat(later.over(MINUTE, ticker.read())).hasValue(0);
    }

    @Test
    void over_nobodyAskedForAnHour_isThatOfTheLastMinutesAlone() {
        pass(Duration.ofMinutes(55), 0, 10);
        pass(Duration.ofMinutes(4), 5, 10);
        pass(MINUTE, 10, 10);

        assertThat(over(MINUTE)).hasValue(1);
        assertThat(over(FIVE_MINUTES)).hasValue((4 * 0.5 + 1) / 5);
    }

    @Test
    void over_trafficStopped_isUnknownAfterTheWindow() {
        pass(FIVE_MINUTES, 10, 10);
        pass(Duration.ofMinutes(2), 0, 0);

        assertThat(over(MINUTE)).isEmpty();
        assertThat(over(FIVE_MINUTES)).hasValue(1);

        pass(Duration.ofMinutes(4), 0, 0);
        assertThat(over(FIVE_MINUTES)).isEmpty();
    }

    @Test
    void over_betweenTwoSamples_beginsWithTheNearest() {
        pass(FIVE_MINUTES, 0, 10);
        count(1, 1);
        ticker.advance(Duration.ofSeconds(2));
        assertThat(over(MINUTE)).hasValue(1.0 / 121);

        ticker.advance(Duration.ofSeconds(1));
        assertThat(over(MINUTE)).as("57 or 62 s ago are equally near to 58 s").hasValue(1.0 / 111);
    }

    @Test
    void over_samplesAreLate_isThatOfTheNearestOne() {
        pass(FIVE_MINUTES, 10, 10);
        ticker.advance(Duration.ofHours(1));
        count(0, 10);

        assertThat(over(MINUTE)).as("the process stood still").hasValue(0);
        history.sample(ticker.read());
        count(10, 10);
        assertThat(over(MINUTE)).hasValue(1);
    }

    @Test
    void over_clockWrapsAround_isRight() {
        long start = Long.MAX_VALUE - INTERVAL.toNanos();
        RateHistory wrapping = new RateHistory(new Rate("hitRate", hits::get, requests::get), FIVE_MINUTES, start);
        count(1, 2);
        wrapping.sample(start + MINUTE.toNanos());
        count(2, 2);

        assertThat(wrapping.over(MINUTE, start + 2 * MINUTE.toNanos())).hasValue(1);
    }

    @Test
    void over_partIsAheadOfTheWhole_isAtMostOne() {
        count(3, 2);

        assertThat(over(MINUTE)).hasValue(1);
    }

    private OptionalDouble over(Duration window) {
        return history.over(window, ticker.read());
    }

    private void count(long newHits, long newRequests) {
        hits.addAndGet(newHits);
        requests.addAndGet(newRequests);
    }

    /** Lets time pass with so many hits and requests in each interval, and a sample at its end. */
    private void pass(Duration time, long newHits, long newRequests) {
        for (long i = 0; i < time.dividedBy(INTERVAL); i++) {
            count(newHits, newRequests);
            ticker.advance(INTERVAL);
            history.sample(ticker.read());
        }
    }
}
