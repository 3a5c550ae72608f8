package dev.millpond.runtime.spi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.runtime.spi.Timeouts.Timeout;
import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TimeoutsTest {

    private static final Duration LIMIT = Duration.ofMillis(500);

    private final FakeTicker ticker = new FakeTicker();
    private final FakeScheduler scheduler = new FakeScheduler(ticker);
    private final Timeouts limits = new Timeouts(scheduler.thread(), ticker);
    private final List<String> givenUp = new ArrayList<>();

    private Timeout begin(String name, Duration limit) {
        return limits.begin(limit, () -> givenUp.add(name));
    }

    @Test
    void begin_timeIsOver_givesUpOnce() {
        begin("a", LIMIT);

        scheduler.advance(LIMIT.minusNanos(1));
        assertThat(givenUp).isEmpty();
        scheduler.advance(Duration.ofNanos(1));

        assertThat(givenUp).containsExactly("a");
        scheduler.advance(LIMIT);
        assertThat(givenUp).containsExactly("a");
    }

    @Test
    void cancel_beforeItsTime_isNotGivenUp() {
        Timeout limit = begin("a", LIMIT);

        limit.cancel();
        scheduler.advance(LIMIT);

        assertThat(givenUp).isEmpty();
    }

    @Test
    void begin_eachEndsLongBeforeItsTime_threadIsToldOnceInALimit() {
        for (int i = 0; i < 10_000; i++) {
            Timeout limit = begin("call " + i, LIMIT);
            scheduler.advance(Duration.ofMillis(1));
            limit.cancel();
        }

        assertThat(scheduler.scheduled()).isLessThanOrEqualTo(21);
        assertThat(givenUp).isEmpty();
    }

    @Test
    void begin_whileTheThreadWaitsForALaterOne_isGivenUpInTime() {
        begin("long", LIMIT);
        begin("short", Duration.ofMillis(20));
        begin("medium", Duration.ofMillis(40));

        scheduler.advance(Duration.ofMillis(20));
        assertThat(givenUp).containsExactly("short");
        scheduler.advance(Duration.ofMillis(20));
        assertThat(givenUp).containsExactly("short", "medium");
        scheduler.advance(LIMIT.minusMillis(40));

        assertThat(givenUp).containsExactly("short", "medium", "long");
    }

    @Test
    void begin_afterAllOthersHaveEnded_isGivenUpInTime() {
        begin("a", LIMIT).cancel();
        scheduler.advance(LIMIT.multipliedBy(10));

        begin("b", LIMIT);
        scheduler.advance(LIMIT);

        assertThat(givenUp).containsExactly("b");
    }

    @Test
    void look_processStoodStill_waitsAsMuchLonger() {
        begin("a", LIMIT);

        scheduler.advance(LIMIT.multipliedBy(3));
        assertThat(givenUp).isEmpty();
        scheduler.advance(LIMIT.multipliedBy(2));

        assertThat(givenUp).containsExactly("a");
    }

    @Test
    void look_oneThrows_othersAreGivenUp() {
        begin("a", LIMIT);
        limits.begin(LIMIT, () -> {
            throw new IllegalStateException("bad");
        });
        begin("b", LIMIT);

        scheduler.advance(LIMIT);
        scheduler.advance(Duration.ofMillis(1));

        assertThat(givenUp).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void look_anotherBeginsMeanwhile_isGivenUpInTime() {
        limits.begin(LIMIT, () -> begin("b", LIMIT));

        scheduler.advance(LIMIT);
        scheduler.advance(LIMIT);

        assertThat(givenUp).containsExactly("b");
    }

    @Test
    void look_manyAreDueOneAfterTheOther_areGivenUpByFewLooks() {
        for (int i = 0; i < 10_000; i++) {
            begin("call " + i, LIMIT.plusNanos(1_000L * i));
        }

        for (int i = 0; i < 20_000; i++) {
            scheduler.advance(i == 0 ? LIMIT : Duration.ofNanos(1_000));
        }

        assertThat(givenUp).hasSize(10_000);
        assertThat(scheduler.scheduled()).isLessThan(20);
    }

    @Test
    void endThread_nothingOpen_endsAtOnce() {
        begin("a", LIMIT).cancel();

        limits.endThread();

        assertThat(scheduler.ended()).isTrue();
    }

    @Test
    void endThread_limitOpen_endsAfterIt() {
        begin("a", LIMIT);

        limits.endThread();
        assertThat(scheduler.ended()).isFalse();
        scheduler.advance(LIMIT);

        assertThat(givenUp).containsExactly("a");
        assertThat(scheduler.ended()).isTrue();
    }
}
