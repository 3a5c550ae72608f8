package dev.millpond.runtime.internal.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millpond.runtime.internal.RecordedLog;
import dev.millpond.testkit.FakeTicker;
import java.time.DateTimeException;
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
    private final List<String> jobs = new ArrayList<>();
    private Duration set = Duration.ZERO;
    private final Ticks ticks = new Ticks(this::now, node, each -> {
        due.add(each.time() - START);
        jobs.add(each.job());
    });

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

    @Test
    void tick_scheduleThatThrowsOnce_othersGoOnAndSoDoesIt() {
        int[] asked = new int[1];
        Schedule bad = after -> {
            if (++asked[0] == 3) {
                throw new DateTimeException("no such day");
            }
            return after + 60_000 - after % 60_000;
        };
        try (RecordedLog log = RecordedLog.ofEverybody()) {
            ticks.follow(Map.of("bad", bad, "good", new PeriodicSchedule(60_000, 0)));
            node.pass(Duration.ofDays(2));

            assertThat(jobs).filteredOn("good"::equals).hasSize(2 * 1440);
            assertThat(jobs).filteredOn("bad"::equals).hasSizeGreaterThan(1000);
            assertThat(log.lines())
                    .containsExactly(
                            "WARN Job 'bad' cannot be planned after 2026-01-01T00:01:00Z; a day later is tried."
                                    + " Give it another cron expression. java.time.DateTimeException: no such day");
        }
    }

    @Test
    void tick_jobThatThrows_othersGoOn() {
        List<String> told = new ArrayList<>();
        Ticks others = new Ticks(this::now, node, each -> {
            told.add(each.job());
            throw new IllegalStateException(each.job());
        });
        others.follow(Map.of("a", new PeriodicSchedule(60_000, 0), "b", new PeriodicSchedule(60_000, 0)));

        try (RecordedLog log = RecordedLog.ofEverybody()) {
            node.pass(Duration.ofMinutes(2));

            assertThat(told).containsExactly("a", "b", "a", "b");
            assertThat(log.lines())
                    .containsOnly(
                            "WARN Job 'a' was due and could not be looked after. java.lang.IllegalStateException: a",
                            "WARN Job 'b' was due and could not be looked after. java.lang.IllegalStateException: b");
        }
    }

    @Test
    void tick_clockThatThrows_isLookedAtAgain() {
        boolean[] broken = new boolean[1];
        Ticks others = new Ticks(
                () -> {
                    if (broken[0]) {
                        throw new IllegalStateException("no time");
                    }
                    return now();
                },
                node,
                each -> due.add(each.time() - START));
        others.follow(every(60_000, 0));
        node.pass(Duration.ofSeconds(10));

        broken[0] = true;
        assertThatThrownBy(() -> node.pass(Duration.ofSeconds(10))).hasMessage("no time");
        broken[0] = false;
        node.pass(Duration.ofMinutes(1));

        assertThat(due).containsExactly(60_000L);
    }

    @Test
    void follow_wokenAfterHours_isDueByTheLatestTime() {
        ticks.follow(every(1_000, 0));
        node.pass(Duration.ofMillis(1_500));

        set = Duration.ofHours(8);
        node.pass(Duration.ofMillis(600));

        assertThat(due).containsExactly(1_000L, 28_802_000L);
    }
}
