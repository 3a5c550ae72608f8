package dev.millpond.runtime.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millpond.runtime.Job;
import dev.millpond.runtime.JobException;
import dev.millpond.runtime.JobRun.Cause;
import dev.millpond.runtime.JobState;
import dev.millpond.runtime.JobState.Order;
import dev.millpond.runtime.JobState.Progress;
import dev.millpond.runtime.JobState.Result;
import dev.millpond.runtime.JobState.Skip;
import dev.millpond.runtime.JobState.Status;
import dev.millpond.runtime.Jobs;
import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobCommandTest {

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private final Jobs jobs = Jobs.builder()
            .clock(new FakeTicker())
            .job(Job.of("clean", run -> Map.of()).every(Duration.ofMinutes(1)))
            .build();

    @AfterEach
    void close() {
        jobs.close();
    }

    private JobState send(String action, @Nullable String offset) {
        return new JobCommand("clean", action, offset, "alice").apply(jobs);
    }

    @Test
    void apply_pauseAndResume_pausesAndResumes() {
        assertThat(send("Pause", null).paused()).map(Order::by).contains("alice");
        assertThat(send(" resume ", null).paused()).isEmpty();
    }

    @Test
    void apply_offsetAndDefault_setsAndTakesBack() {
        JobState set = send("offset", " PT15S ");
        assertThat(set.offset()).contains(Duration.ofSeconds(15));
        assertThat(set.offsetSet()).map(Order::by).contains("alice");

        assertThat(send("offset", "DEFAULT").offsetSet()).isEmpty();
    }

    @Test
    void apply_runAndCancel_areSentToTheJob() {
        assertThatThrownBy(() -> send("run", null))
                .isInstanceOf(JobException.class)
                .hasMessage("Job 'clean' was not started: the jobs are not started. Start them first.");
        assertThat(send("cancel", null).running()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            delimiter = '|',
            value = {
                "-|run|-|alice|Property 'name' is not set. Send the name of a job.",
                "clean|-|-|alice|Property 'action' is not set. Send run, cancel, pause, resume or offset.",
                "clean|run|-|-|Property 'by' is not set. Send your name.",
                "clean|stop|-|alice|Action 'stop' does not exist. Send run, cancel, pause, resume or offset.",
                "clean|offset|-|alice|Property 'offset' is not set. Send an offset such as PT15S, or default to take it"
                        + " back.",
                "clean|offset|15s|alice|Property 'offset' is '15s', must be a duration such as PT15S, or default to take it"
                        + " back.",
                "claen|pause|-|alice|There is no job 'claen'. Use one of [clean]."
            })
    void apply_missingOrWrong_saysWhatToSend(
            @Nullable String name,
            @Nullable String action,
            @Nullable String offset,
            @Nullable String by,
            String message) {
        assertThatThrownBy(() -> new JobCommand(name, action, offset, by).apply(jobs))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
        assertThat(jobs.state("clean").paused()).isEmpty();
    }

    @Test
    void describe_jobThatNeverRan_hasWhatIsKnownAlone() {
        JobState state = new JobState(
                "clean",
                "on request",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                0,
                0,
                Map.of());
        assertThat(JobCommand.describe(state, NOON))
                .isEqualTo(Map.of(
                        "name",
                        "clean",
                        "schedule",
                        "on request",
                        "runs",
                        0L,
                        "failures",
                        0L,
                        "overruns",
                        0L,
                        "skips",
                        Map.of()));
    }

    @Test
    void describe_runningJob_tellsHowFastItIsAndHowLongItTakes() {
        JobState state = state(new Progress(30, 120, NOON.minusSeconds(10), Cause.SCHEDULE));

        assertThat(JobCommand.describe(state, NOON).get("running"))
                .isEqualTo(Map.of(
                        "cause",
                        "schedule",
                        "startedAt",
                        "2026-01-01T11:59:50Z",
                        "done",
                        30L,
                        "total",
                        120L,
                        "perSecond",
                        3L,
                        "left",
                        "PT30S"));
    }

    @Test
    void describe_moreDoneThanExpected_hasNothingLeft() {
        JobState state = state(new Progress(150, 100, NOON.minusSeconds(10), Cause.START));

        assertThat(JobCommand.describe(state, NOON).get("running"))
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .containsEntry("left", "PT0S");
    }

    @Test
    void describe_runningJobOfUnknownLength_tellsNeitherTotalNorRest() {
        JobState state = state(new Progress(0, 0, NOON, Cause.START));

        assertThat(JobCommand.describe(state, NOON).get("running"))
                .isEqualTo(Map.of("cause", "start", "startedAt", "2026-01-01T12:00:00Z", "done", 0L, "perSecond", 0L));
    }

    @Test
    void describe_ordersLastRunAndSkips_areShown() {
        Map<String, Object> shown = JobCommand.describe(state(new Progress(1, 2, NOON, Cause.REQUEST)), NOON);

        assertThat(shown)
                .containsEntry("nextRun", "2026-01-01T12:00:00Z")
                .containsEntry("offset", "PT15S")
                .containsEntry("offsetSet", Map.of("by", "bob", "at", "2026-01-01T12:00:00Z"))
                .containsEntry("paused", Map.of("by", "alice", "at", "2026-01-01T12:00:00Z"))
                .containsEntry("skips", Map.of("redis-away", 4L))
                .containsEntry(
                        "last",
                        Map.of(
                                "status", "failed",
                                "cause", "schedule",
                                "startedAt", "2026-01-01T12:00:00Z",
                                "took", "PT2S",
                                "counts", Map.of("done", 5L),
                                "stoppedBy", "its deadline of PT10M",
                                "failure", "java.io.IOException: down"));
        assertThat(List.copyOf(shown.keySet()).subList(0, 2)).containsExactly("name", "schedule");
    }

    private static JobState state(Progress running) {
        return new JobState(
                "clean",
                "every PT1M",
                Optional.of(NOON),
                Optional.of(Duration.ofSeconds(15)),
                Optional.of(new Order("bob", NOON)),
                Optional.of(new Order("alice", NOON)),
                Optional.of(running),
                Optional.of(new Result(
                        Status.FAILED,
                        Cause.SCHEDULE,
                        NOON,
                        Duration.ofSeconds(2),
                        Map.of("done", 5L),
                        Optional.of("java.io.IOException: down"),
                        Optional.of("its deadline of PT10M"))),
                3,
                2,
                1,
                Map.of(Skip.REDIS_AWAY, 4L));
    }
}
