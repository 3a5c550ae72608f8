package dev.millpond.runtime.internal.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Due times on a clock that can also be set. */
class TicksTest {

    private static final long START = FakeTicker.START.toEpochMilli();

    private final FakeNode node = new FakeNode();
    private final List<Long> due = new ArrayList<>();
    private Duration set = Duration.ZERO;
    private final Ticks ticks = new Ticks(this::now, node, each -> due.add(each.time() - START));

    private Instant now() {
        return node.ticker.instant().plus(set);
    }

    private static Map<String, Schedule> every(long period, long offset) {
        return Map.of("job", new PeriodicSchedule(period, offset));
    }

    @Test
    void follow_clockSetBack_goesByTheNewTime() {
        ticks.follow(every(60_000, 0));
        node.pass(Duration.ofMinutes(1));

        set = Duration.ofHours(-1);
        node.pass(Duration.ofMinutes(1));

        assertThat(due).containsExactly(60_000L, 120_000L - 3_600_000);
    }

    @Test
    void follow_clockSetForward_isDueOnceForWhatWasMissed() {
        ticks.follow(every(60_000, 0));

        set = Duration.ofHours(1);
        node.pass(Duration.ofMinutes(1));

        assertThat(due).containsExactly(3_600_000L, 3_660_000L);
        assertThat(ticks.next("job") - START).isEqualTo(3_720_000);
    }

    @Test
    void follow_otherScheduleWhenDue_missesNothing() {
        ticks.follow(every(60_000, 0));
        node.pass(Duration.ofSeconds(59));
        node.ticker.advance(Duration.ofSeconds(1));

        ticks.follow(every(60_000, 0));
        node.pass(Duration.ZERO);

        assertThat(due).containsExactly(60_000L);
    }

    @Test
    void follow_otherOffset_isDueByThatAlone() {
        ticks.follow(every(60_000, 0));
        node.pass(Duration.ofSeconds(10));

        ticks.follow(every(60_000, 30_000));
        node.pass(Duration.ofMinutes(2));

        assertThat(due).containsExactly(30_000L, 90_000L);
        ticks.close();
        assertThat(ticks.next("job")).isEqualTo(Schedule.NEVER);
    }
}
