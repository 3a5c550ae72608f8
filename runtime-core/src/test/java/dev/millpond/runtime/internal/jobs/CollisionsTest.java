package dev.millpond.runtime.internal.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CollisionsTest {

    private static final long NOON = Instant.parse("2026-11-27T12:00:00Z").toEpochMilli();
    private static final long MINUTE = 60_000;

    private static Schedule cron(String expression) {
        return CronSchedule.parse(expression, ZoneOffset.UTC);
    }

    @Test
    void find_jobsByCronExpressions_namesThoseThatMeetWithin24Hours() {
        Collisions found = Collisions.find(
                Map.of(),
                Map.of(
                        "daily", cron("0 0 4 * * *"),
                        "often", cron("0 */10 * * * *"),
                        "odd", cron("0 5 * * * *"),
                        "on Mondays", cron("0 5 4 * * MON")),
                NOON);

        assertThat(found).hasToString("'daily' and 'often'");
    }

    @Test
    void find_jobByCronExpressionAndJobsWithPeriod_namesThoseThatMeet() {
        Collisions found = Collisions.find(
                Map.of("a", new PeriodicSchedule(MINUTE, 0), "z", new PeriodicSchedule(60 * MINUTE, 30 * MINUTE)),
                Map.of("daily", cron("0 30 4 * * *")),
                NOON);

        assertThat(found).hasToString("'a' and 'daily', 'a' and 'z', 'daily' and 'z'");
    }

    @Test
    void toString_veryMany_isShort() {
        Map<String, PeriodicSchedule> jobs = new HashMap<>();
        for (int i = 0; i < 6; i++) {
            jobs.put("j" + i, new PeriodicSchedule(MINUTE, 0));
        }

        assertThat(Collisions.find(jobs, Map.of(), NOON).toString())
                .startsWith("'j0' and 'j1', 'j0' and 'j2', ")
                .endsWith("'j2' and 'j3', and 5 more pairs");
    }
}
