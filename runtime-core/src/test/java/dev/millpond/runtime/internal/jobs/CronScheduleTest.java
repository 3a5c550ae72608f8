package dev.millpond.runtime.internal.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millpond.runtime.Job;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CronScheduleTest {

    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    private static List<String> starts(String expression, ZoneId zone, String after, int count) {
        return Planner.starts(
                        CronSchedule.parse(expression, zone),
                        OffsetDateTime.parse(after).toInstant().toEpochMilli())
                .limit(count)
                .mapToObj(start -> Instant.ofEpochMilli(start).toString())
                .toList();
    }

    @Test
    void next_inUtc_isAsTheExpressionSays() {
        assertThat(starts("0 30 4 * * MON-FRI", ZoneOffset.UTC, "2026-11-27T04:29:59.999Z", 3))
                .containsExactly("2026-11-27T04:30:00Z", "2026-11-30T04:30:00Z", "2026-12-01T04:30:00Z");
        assertThat(starts("@daily", ZoneOffset.UTC, "2026-11-27T00:00:00Z", 1)).containsExactly("2026-11-28T00:00:00Z");
    }

    /** On 2026-03-29 clocks go from 02:00 to 03:00. */
    @Test
    void next_timeThatIsLeftOutInSpring_isNotRunThatDay() {
        assertThat(starts("0 30 2 * * *", BERLIN, "2026-03-28T00:00:00+01:00", 2))
                .containsExactly("2026-03-28T01:30:00Z", "2026-03-30T00:30:00Z");
        assertThat(starts("0 */30 * * * *", BERLIN, "2026-03-29T01:00:00+01:00", 3))
                .containsExactly("2026-03-29T00:30:00Z", "2026-03-29T01:00:00Z", "2026-03-29T01:30:00Z");
    }

    /** On 2026-10-25 clocks go from 03:00 back to 02:00. */
    @Test
    void next_timeThatComesTwiceInAutumn_isRunOnceADayAndStepsGoOn() {
        assertThat(starts("0 30 2 * * *", BERLIN, "2026-10-24T12:00:00+02:00", 2))
                .containsExactly("2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z");
        assertThat(starts("0 */30 * * * *", BERLIN, "2026-10-25T02:00:00+02:00", 4))
                .containsExactly(
                        "2026-10-25T00:30:00Z", "2026-10-25T01:00:00Z", "2026-10-25T01:30:00Z", "2026-10-25T02:00:00Z");
    }

    @Test
    void next_dateThatNeverComes_isNever() {
        assertThat(CronSchedule.parse("0 0 0 30 2 *", ZoneOffset.UTC).next(0)).isEqualTo(Schedule.NEVER);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "* * * | Cron expression contains 3 parts but we expect one of [6]",
                "61 * * * * * | Failed to parse cron expression. Value 61 not in range [0, 59]"
            })
    void cron_badExpression_saysWhatIsWrong(String expression, String reason) {
        assertThatThrownBy(() -> Job.of("nightly", run -> Map.of()).cron(expression))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Job 'nightly': its cron expression is '" + expression + "', which cannot be read: "
                        + reason
                        + ". Give second, minute, hour, day of month, month and day of week, such as '0 30 4 * * *'.");
    }

    @Test
    void cron_expressionThatFailsInAMonth_isRefused() {
        assertThatThrownBy(() -> Job.of("nightly", run -> Map.of()).cron("0 0 0 31W * *"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                        "Job 'nightly': its cron expression is '0 0 0 31W * *', which has no next time" + " after 20")
                .hasMessageEndingWith(". Name days that each month has, or L for the last one.");
    }
}
