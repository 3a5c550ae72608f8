package dev.millpond.runtime.internal.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millpond.runtime.Job;
import dev.millpond.runtime.JobState.Status;
import dev.millpond.runtime.Jobs;
import dev.millpond.runtime.Switch;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What jobs and their builder refuse, and what a job is. */
class JobsBuilderTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private static Job job(String name) {
        return Job.of(name, run -> Map.of());
    }

    private static void refused(ThrowingCallable action, String message) {
        assertThatThrownBy(action).hasMessage(message);
    }

    @Test
    void build_onRealThreads_runsJobs() {
        try (Jobs jobs = Jobs.builder()
                .concurrency(2)
                .job(Job.of("first", run -> Map.of("token", run.fencingToken())).atStart())
                .build()) {
            jobs.start();

            assertThat(jobs.awaitFirstRuns(List.of("first"), Duration.ofSeconds(10)))
                    .isTrue();
            assertThat(jobs.state("first").last())
                    .hasValueSatisfying(last -> assertThat(last.status()).isEqualTo(Status.SUCCEEDED));
        }
    }

    @Test
    void job_changed_isACopy() {
        Job job = job("a");
        Job changed = job.offset(Duration.ofSeconds(5))
                .every(MINUTE)
                .atStart()
                .onEveryNode()
                .whileOn(Switch.WARM_UP);

        assertThat(job.period()).isEmpty();
        assertThat(changed.period()).hasValue(MINUTE);
        assertThat(changed.offset()).hasValue(Duration.ofSeconds(5));
        assertThat(changed.isAtStart() && changed.isOnEveryNode()).isTrue();
        assertThat(changed.neededSwitch()).hasValue(Switch.WARM_UP);
        assertThat(job.cron("0 0 4 * * *").zone()).isEqualTo(ZoneOffset.UTC);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a/b", "{a}", "é"})
    void of_badName_isRefused(String name) {
        refused(
                () -> job(name),
                "Name of a job is '" + name + "', must be 1 to 128 letters, digits, dots, hyphens, underscores or"
                        + " colons. Choose a name such as 'warm-up:standings'.");
    }

    @Test
    void job_badSchedule_isRefused() {
        refused(
                () -> job("a").every(Duration.ZERO),
                "Job 'a': its period is PT0S, must be 1 ms to 366 days, in whole milliseconds. Use for example"
                        + " Duration.ofMinutes(5).");
        refused(
                () -> job("a").every(MINUTE).offset(MINUTE),
                "Job 'a': its offset is PT1M, must be less than its period of PT1M. Leave it out to have the job"
                        + " placed.");
        refused(
                () -> job("a").offset(MINUTE).every(MINUTE),
                "Job 'a': its offset is PT1M, must be less than its period of PT1M. Leave it out to have the job"
                        + " placed.");
        refused(
                () -> job("a").offset(Duration.ofMillis(-1)),
                "Job 'a': its offset is PT-0.001S, must be 0 or more, in whole milliseconds. Leave it out to have the"
                        + " job placed.");
        refused(
                () -> job("a").every(MINUTE).cron("0 0 4 * * *"),
                "Job 'a' has a schedule already. Give it one period, or one cron expression.");
        refused(
                () -> job("a").cron("0 0 4 * * *").offset(MINUTE),
                "Job 'a' has an offset or a cron expression already. Give one offset, to a job with a period.");
    }

    @Test
    void builder_badSetting_isRefused() {
        Jobs.Builder builder = Jobs.builder().job(job("a"));

        refused(() -> builder.job(job("a")), "There are two jobs 'a'. Give each job a name of its own.");
        refused(
                () -> builder.job(job("b").offset(MINUTE)),
                "Job 'b' has an offset and no period. Give it a period, or no offset.");
        refused(
                () -> builder.jitter(MINUTE.negated()),
                "Jobs: jitter is PT-1M, must be 0 to 24 hours, in whole milliseconds. Use for example"
                        + " Duration.ofMinutes(1), or leave it out for none.");
        refused(() -> builder.concurrency(0), "Jobs: concurrency is 0, must be 1 to 1000. Leave it out for 4.");
        refused(() -> builder.staggered(false).staggered(true), "Jobs: staggered was set twice. Set it once.");
        refused(
                () -> builder.namespace("a b"),
                "Jobs: namespace is 'a b', must be 1 to 64 letters, digits, dots, hyphens or underscores. Choose a"
                        + " name such as 'standings'.");
    }

    @Test
    void builder_timeWithoutAnEnd_isRefused() {
        Duration endless = Duration.ofSeconds(Long.MAX_VALUE);
        refused(
                () -> job("a").every(endless),
                "Job 'a': its period is " + endless + ", must be 1 ms to 366 days, in whole milliseconds. Use for"
                        + " example Duration.ofMinutes(5).");
        refused(
                () -> Jobs.builder().jitter(endless),
                "Jobs: jitter is " + endless + ", must be 0 to 24 hours, in whole milliseconds. Use for example"
                        + " Duration.ofMinutes(1), or leave it out for none.");
        refused(
                () -> Jobs.builder().jitter(Duration.ofNanos(1)),
                "Jobs: jitter is PT0.000000001S, must be 0 to 24 hours, in whole milliseconds. Use for example"
                        + " Duration.ofMinutes(1), or leave it out for none.");
    }

    @Test
    void awaitFirstRuns_timeWithoutAnEnd_waits() {
        try (Jobs jobs = Jobs.builder().job(job("a")).build()) {
            jobs.start();

            assertThat(jobs.awaitFirstRuns(List.of("a"), Duration.ofSeconds(Long.MAX_VALUE)))
                    .isTrue();
        }
    }

    @Test
    void build_manyPeriodsAndCrons_takesLittleTime() {
        Jobs.Builder builder = Jobs.builder();
        for (int i = 0; i < 100; i++) {
            builder.job(job("every-" + i).every(Duration.ofSeconds(60 + 7L * i)));
        }
        for (int i = 0; i < 5; i++) {
            builder.job(job("cron-" + i).cron("0 " + i + " */2 * * *"));
        }

        long begun = System.nanoTime();
        builder.build().close();

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(3));
    }
}
