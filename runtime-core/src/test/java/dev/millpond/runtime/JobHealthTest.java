package dev.millpond.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.millpond.runtime.HealthReport.Status;
import dev.millpond.runtime.spi.HealthSource.Check;
import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class JobHealthTest {

    private static final Check FINE = new Check("jobs", "fine", Status.UP);
    private static final Check RUNNING = new Check("warmUp", "running", Status.DEGRADED);
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final FakeTicker clock = new FakeTicker();
    private final CountDownLatch end = new CountDownLatch(1);
    private final AtomicBoolean broken = new AtomicBoolean(true);
    private final Jobs jobs = Jobs.builder()
            .job(Job.of("slow", run -> {
                        end.await();
                        return Map.of();
                    })
                    .atStart())
            .job(Job.of("broken", run -> {
                        if (broken.get()) {
                            throw new IllegalStateException("broken");
                        }
                        return Map.of();
                    })
                    .atStart())
            .job(Job.of("idle", run -> Map.of()))
            .build();

    @AfterEach
    void close() {
        end.countDown();
        jobs.close();
    }

    private JobHealth readyAfterSlow() {
        return JobHealth.readyAfter(jobs, List.of("slow"), Duration.ofMinutes(1), clock);
    }

    private void endSlow() {
        end.countDown();
        assertThat(jobs.awaitFirstRuns(List.of("slow"), LIMIT)).isTrue();
    }

    @Test
    void checks_nothingHasRun_areFine() {
        assertThat(JobHealth.of(jobs).checks()).containsExactly(FINE, RUNNING);
    }

    @Test
    void checks_withoutJobsOfTheStart_areFine() {
        try (Jobs idle = Jobs.builder().job(Job.of("idle", run -> Map.of())).build()) {
            idle.start();

            assertThat(JobHealth.of(idle).checks()).containsExactly(FINE, new Check("warmUp", "ended", Status.UP));
        }
    }

    @Test
    void readyAfter_limitOrNamesOutOfRange_saysWhatToGive() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JobHealth.readyAfter(jobs, List.of(), LIMIT))
                .withMessageContaining("JobHealth.of(jobs)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JobHealth.readyAfter(jobs, List.of("slow"), Duration.ofSeconds(Long.MAX_VALUE)))
                .withMessageContaining("must be from 0 to PT24H");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JobHealth.readyAfter(jobs, List.of("slow"), Duration.ofSeconds(-1)))
                .withMessageContaining("limit is PT-1S");
    }

    @Test
    void checks_lastRunFailed_areDegraded() {
        jobs.start();
        assertThat(jobs.awaitFirstRuns(List.of("broken"), LIMIT)).isTrue();

        assertThat(JobHealth.of(jobs).checks()).containsExactly(new Check("jobs", "failing", Status.DEGRADED), RUNNING);
    }

    @Test
    void checks_firstRunGoesOn_areDownUntilItHasEnded() {
        broken.set(false);
        JobHealth health = readyAfterSlow();
        jobs.start();
        assertThat(health.checks()).containsExactly(FINE, new Check("warmUp", "running", Status.DOWN));

        endSlow();
        Check ended = new Check("warmUp", "ended", Status.UP);
        assertThat(health.checks()).containsExactly(FINE, ended);
        clock.advance(Duration.ofHours(1));
        assertThat(health.checks()).containsExactly(FINE, ended);
    }

    @Test
    void checks_firstRunTakesLongerThanTheLimit_areUpFromThenOn() {
        broken.set(false);
        JobHealth health = readyAfterSlow();
        jobs.start();
        clock.advance(Duration.ofSeconds(59));
        assertThat(health.checks()).contains(new Check("warmUp", "running", Status.DOWN));

        clock.advance(Duration.ofSeconds(1));
        Check givenUp = new Check("warmUp", "given-up", Status.UP);
        assertThat(health.checks()).contains(givenUp);
        endSlow();
        assertThat(health.checks()).contains(givenUp);
    }

    @Test
    void checks_firstRunFails_areNotDown() {
        JobHealth health = JobHealth.readyAfter(jobs, List.of("broken"), Duration.ofMinutes(1), clock);
        jobs.start();
        assertThat(jobs.awaitFirstRuns(List.of("broken"), LIMIT)).isTrue();

        assertThat(health.checks())
                .containsExactly(
                        new Check("jobs", "failing", Status.DEGRADED), new Check("warmUp", "ended", Status.UP));
    }

    @Test
    void metrics_always_countTheJobs() {
        jobs.start();
        assertThat(jobs.awaitFirstRuns(List.of("broken"), LIMIT)).isTrue();
        jobs.pause("idle", "alice");
        jobs.pause("broken", "alice");

        Map<String, Number> metrics = JobHealth.of(jobs).metrics();

        assertThat(metrics).containsEntry("jobs", 3).containsEntry("jobsPaused", 2L);
        assertThat(metrics.get("jobsRunning")).isIn(0L, 1L);
    }

    @Test
    void readyAfter_unknownJob_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JobHealth.readyAfter(jobs, List.of("other"), Duration.ofMinutes(1)))
                .withMessage("There is no job 'other'. Use one of [broken, idle, slow].");
    }

    @Test
    @SuppressWarnings("NullAway")
    void of_null_isRefused() {
        assertThatNullPointerException()
                .isThrownBy(() -> JobHealth.of(null))
                .withMessage("Job health: jobs are null. Give the application's Jobs.");
    }
}
