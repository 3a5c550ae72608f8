package dev.millpond.runtime.internal.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.millpond.runtime.Job;
import dev.millpond.runtime.JobException;
import dev.millpond.runtime.JobRun;
import dev.millpond.runtime.JobRun.Cause;
import dev.millpond.runtime.JobState;
import dev.millpond.runtime.JobState.Skip;
import dev.millpond.runtime.JobState.Status;
import dev.millpond.runtime.Jobs;
import dev.millpond.runtime.Switch;
import dev.millpond.runtime.SwitchMode;
import dev.millpond.runtime.SwitchScope;
import dev.millpond.runtime.Switches;
import dev.millpond.runtime.internal.RecordedLog;
import dev.millpond.runtime.spi.JobCommand;
import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Jobs of one node, on a clock that moves by hand. */
class LiveJobsTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final FakeNode node = new FakeNode();
    private final FakeFleet fleet = new FakeFleet();
    private final List<JobRun> runs = new ArrayList<>();

    private Job counted(String name) {
        return Job.of(name, run -> {
            runs.add(run);
            return Map.of("runs", (long) runs.size());
        });
    }

    private LiveJobs started(Job... jobs) {
        return started(new JobsBuilder(), node.own, jobs);
    }

    private LiveJobs started(Jobs.Builder builder, Leases leases, Job... jobs) {
        List.of(jobs).forEach(builder::job);
        LiveJobs live = ((JobsBuilder) builder).build(node.node(leases));
        live.start();
        return live;
    }

    private static Instant at(String time) {
        return Instant.parse("2026-01-01T" + time + "Z");
    }

    @ParameterizedTest
    @CsvSource({"true, 1", "false, 8"})
    void start_eightJobsFor24Hours_startTogetherOnlyIfNotStaggered(boolean staggered, int most) {
        Map<Instant, Integer> starts = new HashMap<>();
        Jobs.Builder builder = new JobsBuilder().staggered(staggered);
        for (Job job : StaggerPlanTest.EIGHT) {
            builder.job(Job.of(job.name(), run -> {
                        starts.merge(node.ticker.instant(), 1, Integer::sum);
                        return Map.of();
                    })
                    .every(job.period().orElseThrow()));
        }
        LiveJobs jobs = started(builder, node.own);

        node.pass(Duration.ofHours(24));

        assertThat(Collections.max(starts.values())).isEqualTo(most);
        assertThat(jobs.states().stream().mapToLong(JobState::runs).sum()).isEqualTo(4 * 1440 + 2 * 288 + 2 * 144);
        assertThat(jobs.states()).allSatisfy(state -> assertThat(state.skips()).isEmpty());
    }

    @Test
    void state_jobWithPeriod_tellsWhenItRuns() {
        LiveJobs jobs =
                started(counted("prices").every(MINUTE), counted("rates").every(MINUTE));

        node.pass(MINUTE.plus(Duration.ofSeconds(31)));

        JobState state = jobs.state("rates");
        assertThat(state.schedule()).isEqualTo("every PT1M");
        assertThat(state.offset()).hasValue(Duration.ofSeconds(30));
        assertThat(state.nextRun()).hasValue(at("00:02:30"));
        assertThat(state.runs()).isEqualTo(2);
        assertThat(state.last()).hasValueSatisfying(last -> {
            assertThat(last.status()).isEqualTo(Status.SUCCEEDED);
            assertThat(last.cause()).isEqualTo(Cause.SCHEDULE);
            assertThat(last.startedAt()).isEqualTo(at("00:01:30"));
            assertThat(last.counts()).containsKey("runs");
        });
        assertThat(runs).extracting(JobRun::fencingToken).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void start_jobWithCron_runsWhenItSays() {
        LiveJobs jobs = started(counted("nightly").cron("0 30 4 * * *"));

        node.pass(Duration.ofDays(2));

        assertThat(jobs.state("nightly").runs()).isEqualTo(2);
        assertThat(jobs.state("nightly").nextRun()).hasValue(Instant.parse("2026-01-03T04:30:00Z"));
        assertThat(jobs.state("nightly").schedule()).isEqualTo("cron 0 30 4 * * * UTC");
        assertThat(jobs.state("nightly").offset()).isEmpty();
    }

    @Test
    void start_jobsThatStartTogether_areNamed() {
        try (RecordedLog log = RecordedLog.ofEverybody()) {
            started(
                    counted("nightly").cron("0 30 4 * * *"),
                    counted("prices").every(MINUTE).offset(Duration.ZERO),
                    counted("rates").every(MINUTE.multipliedBy(5)).offset(MINUTE),
                    counted("placed").every(MINUTE));

            assertThat(log.lines())
                    .containsExactly(
                            "WARN Jobs start together at times: 'nightly' and 'prices', 'prices' and 'rates'. Give"
                                    + " them other offsets or cron expressions, or let them be placed.");
        }
    }

    @Test
    void jitter_twoNamespaces_shiftsAllStartsByAPartThatStays() {
        Map<String, Instant> next = new HashMap<>();
        for (String namespace : List.of("shop", "shop", "forum")) {
            LiveJobs jobs = started(
                    new JobsBuilder().namespace(namespace).jitter(MINUTE),
                    node.own,
                    counted("prices").every(Duration.ofHours(1)),
                    counted("nightly").cron("0 0 4 * * *"));
            Instant prices = jobs.state("prices").nextRun().orElseThrow();
            Instant nightly = jobs.state("nightly").nextRun().orElseThrow();
            assertThat(next.getOrDefault(namespace, nightly)).isEqualTo(nightly);
            next.put(namespace, nightly);
            assertThat(Duration.between(at("04:00:00"), nightly)).isBetween(Duration.ZERO, MINUTE);
            assertThat(jobs.state("prices").offset())
                    .hasValueSatisfying(offset -> assertThat(prices.minus(offset)
                                            .plus(Duration.ofHours(4))
                                            .toEpochMilli()
                                    % 3_600_000)
                            .isEqualTo(nightly.toEpochMilli() % 3_600_000));
        }
        assertThat(next.get("shop")).isNotEqualTo(next.get("forum"));
    }

    @Test
    void due_stillRunning_isCountedAndNotStartedTwice() {
        List<LiveJobs> self = new ArrayList<>();
        self.add(started(Job.of("slow", run -> {
                    runs.add(run);
                    if (runs.size() == 1) {
                        node.pass(MINUTE.multipliedBy(2).plus(SECOND));
                    }
                    return Map.of();
                })
                .every(MINUTE)));

        try (RecordedLog log = RecordedLog.ofEverybody()) {
            node.pass(MINUTE.multipliedBy(4).plus(SECOND));

            assertThat(log.lines())
                    .contains("WARN Job 'slow' was still running when it was due again, for the 1. time; it is not"
                            + " started twice. Give it a longer period, or less to do.");
        }
        JobState state = self.get(0).state("slow");
        assertThat(state.overruns()).isEqualTo(2);
        assertThat(state.runs()).isEqualTo(runs.size());
        assertThat(state.skips()).isEmpty();
    }

    @Test
    void due_noThread_runsWhenThereIsOne() {
        LiveJobs jobs = started(counted("prices").every(MINUTE));
        node.takeThreads();
        node.pass(MINUTE.multipliedBy(3).plus(SECOND));
        assertThat(runs).isEmpty();

        node.giveThreads();

        assertThat(runs).hasSize(1);
        assertThat(jobs.state("prices").skips()).isEqualTo(Map.of(Skip.NO_THREAD, 2L));
        node.pass(MINUTE);
        assertThat(runs).hasSize(2);
    }

    @Test
    void due_processStoodStill_isMadeUpForOnce() {
        started(counted("prices").every(MINUTE));
        node.pass(SECOND);

        node.ticker.advance(Duration.ofHours(3));
        node.pass(SECOND);

        assertThat(runs).hasSize(1);
        node.pass(MINUTE);
        assertThat(runs).hasSize(2);
    }

    @Test
    void run_throws_isCountedAndTheNextComes() {
        LiveJobs jobs = started(Job.of("prices", run -> {
                    runs.add(run);
                    throw new IllegalStateException("no\nprices");
                })
                .every(MINUTE));

        try (RecordedLog log = RecordedLog.ofEverybody()) {
            node.pass(MINUTE.multipliedBy(2));

            assertThat(log.lines())
                    .contains("WARN Job 'prices' failed after 0.0 s: java.lang.IllegalStateException: no prices.");
        }
        JobState state = jobs.state("prices");
        assertThat(state.failures()).isEqualTo(2);
        assertThat(state.last()).hasValueSatisfying(last -> {
            assertThat(last.status()).isEqualTo(Status.FAILED);
            assertThat(last.failure()).hasValue("java.lang.IllegalStateException: no prices");
        });
    }

    @Test
    void start_jobsAtStart_runOnceWithoutTheFleet() {
        fleet.away = true;
        LiveJobs jobs = started(new JobsBuilder(), fleet, counted("prices").atStart(), counted("rates"));

        jobs.start();

        assertThat(runs).extracting(JobRun::job, JobRun::cause).containsExactly(tuple("prices", Cause.START));
        assertThat(fleet.asked).isEmpty();
        assertThat(jobs.awaitFirstRuns(List.of("prices", "rates"), Duration.ZERO))
                .isTrue();
        assertThat(jobs.state("rates").schedule()).isEqualTo("on request");
        assertThat(jobs.state("rates").nextRun()).isEmpty();
    }

    @Test
    void start_severalJobsAtStart_beginInTheOrderInWhichTheyWereAdded() {
        LiveJobs jobs = started(
                counted("b").atStart(), counted("c").atStart(), counted("a").atStart());

        assertThat(runs).extracting(JobRun::job).containsExactly("b", "c", "a");
        assertThat(jobs.states()).extracting(JobState::name).containsExactly("a", "b", "c");
    }

    @Test
    @SuppressWarnings("NullAway")
    void run_returnsNull_saysWhatToReturn() {
        LiveJobs jobs = started(Job.of("prices", run -> null).atStart());

        assertThat(jobs.state("prices").last().orElseThrow().failure())
                .hasValue("java.lang.NullPointerException: The task of job 'prices' returned null. Return an empty"
                        + " map.");
    }

    @Test
    void awaitFirstRuns_runHasNotBegun_isFalse() {
        node.takeThreads();
        LiveJobs jobs = started(counted("prices").atStart());

        assertThat(jobs.awaitFirstRuns(List.of("prices"), Duration.ofMillis(1))).isFalse();

        node.giveThreads();
        assertThat(jobs.awaitFirstRuns(List.of("prices"), Duration.ZERO)).isTrue();
    }

    @Test
    void due_redisAway_isSkippedUnlessOnEveryNode() {
        fleet.away = true;
        LiveJobs jobs = started(
                new JobsBuilder(),
                fleet,
                counted("prices").every(MINUTE),
                counted("rates").every(MINUTE).onEveryNode());

        node.pass(MINUTE.multipliedBy(2).plusSeconds(59));

        assertThat(jobs.state("prices").skips()).isEqualTo(Map.of(Skip.REDIS_AWAY, 2L));
        assertThat(jobs.state("rates").runs()).isEqualTo(3);
        fleet.away = false;
        node.pass(MINUTE);
        assertThat(jobs.state("prices").runs()).isEqualTo(1);
    }

    @Test
    void due_anotherNodeHasTheLease_isAskedForAgainWhenThatShouldHaveEnded() {
        fleet.held(Duration.ofSeconds(4));
        LiveJobs jobs = started(new JobsBuilder(), fleet, counted("prices").every(MINUTE));

        node.pass(MINUTE.plus(Duration.ofSeconds(3)));
        assertThat(fleet.asked).extracting(Due::after).containsExactly("");
        node.pass(MINUTE);
        assertThat(fleet.asked).extracting(Due::after).containsExactly("", "other", "");
        fleet.refusal = null;
        node.pass(Duration.ofSeconds(2));

        assertThat(fleet.asked).extracting(Due::after).containsExactly("", "other", "", "other");
        assertThat(fleet.asked.get(3).time()).isEqualTo(fleet.asked.get(2).time());
        assertThat(jobs.state("prices").skips()).isEqualTo(Map.of(Skip.RUNNING_ELSEWHERE, 1L));
        assertThat(jobs.state("prices").runs()).isEqualTo(1);
        assertThat(fleet.released).hasSize(1);
    }

    @Test
    void due_anotherNodeWasFaster_isCounted() {
        fleet.refusal = new Claim.Refused(Skip.RUN_ALREADY);
        LiveJobs jobs = started(new JobsBuilder(), fleet, counted("prices").every(MINUTE));

        node.pass(MINUTE);

        assertThat(jobs.state("prices").skips()).isEqualTo(Map.of(Skip.RUN_ALREADY, 1L));
    }

    /** Runs a job of the fleet whose run takes 20 s, and returns whether it was cancelled then. */
    private boolean cancelledAfter20Seconds(LiveJobs[] jobs, Runnable meanwhile) {
        boolean[] cancelled = new boolean[1];
        jobs[0] = started(
                new JobsBuilder(),
                fleet,
                Job.of("long", run -> {
                            meanwhile.run();
                            node.pass(Duration.ofSeconds(20));
                            cancelled[0] = run.isCancelled();
                            return Map.of("loaded", 3L);
                        })
                        .every(MINUTE));
        node.pass(Duration.ofSeconds(30));
        jobs[0].runNow("long", "alice");
        return cancelled[0];
    }

    @Test
    void run_leaseRenewed_goesOn() {
        LiveJobs[] jobs = new LiveJobs[1];

        assertThat(cancelledAfter20Seconds(jobs, () -> {})).isFalse();
        assertThat(fleet.renewals).isEqualTo(6);
    }

    @Test
    void run_leaseTakenByAnother_isLost() {
        LiveJobs[] jobs = new LiveJobs[1];

        assertThat(cancelledAfter20Seconds(jobs, () -> fleet.taken = true)).isTrue();
        assertThat(jobs[0].state("long").last()).hasValueSatisfying(last -> {
            assertThat(last.status()).isEqualTo(Status.LOST);
            assertThat(last.counts()).containsEntry("loaded", 3L);
        });
        assertThat(fleet.renewals).isEqualTo(1);
    }

    @Test
    void run_leaseCannotBeRenewedInTime_isLost() {
        LiveJobs[] jobs = new LiveJobs[1];

        assertThat(cancelledAfter20Seconds(jobs, () -> fleet.away = true)).isTrue();
        assertThat(jobs[0].state("long").last()).hasValueSatisfying(last -> {
            assertThat(last.status()).isEqualTo(Status.LOST);
            assertThat(last.stoppedBy()).hasValue("the end of its lease");
        });
    }

    @Test
    void run_switchTurnedOff_isCancelledAndDoesNotBeginAgain() {
        Switches switches = Switches.builder().build();
        LiveJobs jobs = started(
                new JobsBuilder().switches(switches),
                node.own,
                Job.of("warm-up", run -> {
                            runs.add(run);
                            switches.set(Switch.WARM_UP, SwitchMode.OFF, SwitchScope.NODE, "alice");
                            assertThat(run.isCancelled()).isTrue();
                            return Map.of();
                        })
                        .every(MINUTE)
                        .atStart()
                        .whileOn(Switch.WARM_UP));

        node.pass(MINUTE);

        assertThat(jobs.state("warm-up").last()).hasValueSatisfying(last -> {
            assertThat(last.status()).isEqualTo(Status.CANCELLED);
            assertThat(last.stoppedBy()).hasValue("the switch 'warm-up'");
        });
        assertThat(jobs.state("warm-up").skips()).isEqualTo(Map.of(Skip.SWITCHED_OFF, 1L));
        assertThatThrownBy(() -> jobs.runNow("warm-up", "alice"))
                .isInstanceOf(JobException.class)
                .hasMessage("Job 'warm-up' was not started: its switch 'warm-up' is off. Turn it on first.");
        switches.set(Switch.WARM_UP, SwitchMode.ON, SwitchScope.NODE, "alice");
        node.pass(MINUTE);
        assertThat(runs).hasSize(2);
    }

    @Test
    void start_switchOff_doesNotRunAtStart() {
        Switches switches =
                Switches.builder().initially(Switch.WARM_UP, SwitchMode.OFF).build();
        LiveJobs jobs = started(
                new JobsBuilder().switches(switches),
                node.own,
                counted("warm-up").atStart().whileOn(Switch.WARM_UP));

        assertThat(jobs.awaitFirstRuns(List.of("warm-up"), Duration.ZERO)).isTrue();
        assertThat(runs).isEmpty();
    }

    @Test
    void pause_job_isSkippedUntilItIsResumed() {
        LiveJobs jobs = started(counted("prices").every(MINUTE));

        try (RecordedLog log = RecordedLog.ofEverybody()) {
            jobs.pause("prices", "alice");
            jobs.pause("prices", "bob");
            node.pass(MINUTE.multipliedBy(2));

            assertThat(runs).isEmpty();
            assertThat(jobs.state("prices").paused()).hasValue(new JobState.Order("alice", FakeTicker.START));
            assertThat(jobs.state("prices").skips()).isEqualTo(Map.of(Skip.PAUSED, 2L));
            assertThat(jobs.state("prices").nextRun()).hasValue(at("00:03:00"));

            jobs.resume("prices", "bob");
            node.pass(MINUTE);

            assertThat(log.lines())
                    .containsExactly(
                            "INFO Job 'prices' was paused by 'alice'.",
                            "INFO Job 'prices' was resumed.",
                            "INFO 'bob' resumed job 'prices'.");
        }
        assertThat(runs).hasSize(1);
    }

    @Test
    void offset_setAtRunTime_countsUntilItIsReset() {
        LiveJobs jobs =
                started(counted("prices").every(MINUTE), counted("rates").every(MINUTE));

        jobs.offset("rates", Duration.ofSeconds(10), "alice");

        assertThat(jobs.state("rates").offset()).hasValue(Duration.ofSeconds(10));
        assertThat(jobs.state("rates").offsetSet()).hasValue(new JobState.Order("alice", FakeTicker.START));
        assertThat(jobs.state("prices").offset()).hasValue(Duration.ZERO);
        node.pass(Duration.ofSeconds(11));
        assertThat(runs).extracting(JobRun::job).containsExactly("rates");

        jobs.resetOffset("rates", "alice");
        assertThat(jobs.state("rates").nextRun()).hasValue(at("00:00:30"));
        assertThat(jobs.state("rates").offsetSet()).isEmpty();
    }

    @Test
    void offset_whereAnotherJobStarts_isNamed() {
        LiveJobs jobs =
                started(counted("prices").every(MINUTE), counted("rates").every(MINUTE));

        try (RecordedLog log = RecordedLog.ofEverybody()) {
            jobs.offset("rates", Duration.ZERO, "alice");

            assertThat(log.lines())
                    .contains("INFO Job 'rates' was given the offset of 0 ms by 'alice'.")
                    .anyMatch(line -> line.startsWith("WARN Jobs start together at times: 'prices' and 'rates'."));
        }
    }

    @Test
    void offset_jobThatCannotHaveIt_isRefused() {
        LiveJobs jobs =
                started(counted("prices").every(MINUTE), counted("nightly").cron("0 0 4 * * *"));

        assertThatThrownBy(() -> jobs.offset("prices", MINUTE, "alice"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Job 'prices': its offset is PT1M, must be less than its period of PT1M. Leave it out to"
                        + " have the job placed.");
        assertThatThrownBy(() -> jobs.offset("nightly", SECOND, "alice"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Job 'nightly' cannot have an offset: it has no period. Change its cron expression, or"
                        + " give it a period.");
        assertThatThrownBy(() -> jobs.pause("price", "alice"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("There is no job 'price'. Use one of [nightly, prices].");
        assertThatThrownBy(() -> jobs.pause("prices", " "))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Who changes a job has 1 characters, must be 1 to 200");
    }

    @Test
    void runNow_whileItRuns_isRefused() {
        node.takeThreads();
        LiveJobs jobs = started(new JobsBuilder(), fleet, counted("prices").every(MINUTE));

        jobs.runNow("prices", "alice");

        assertThat(jobs.state("prices").running())
                .hasValue(new JobState.Progress(0, 0, FakeTicker.START, Cause.REQUEST));
        assertThatThrownBy(() -> jobs.runNow("prices", "bob"))
                .isInstanceOf(JobException.class)
                .hasMessage("Job 'prices' was not started: it is running on this node already. Wait for its end, or"
                        + " cancel it first.");
        node.giveThreads();
        assertThat(runs).extracting(JobRun::cause).containsExactly(Cause.REQUEST);
        assertThat(jobs.state("prices").running()).isEmpty();
    }

    @Test
    void runNow_fleetDoesNotLetIt_isRefused() {
        LiveJobs jobs = started(new JobsBuilder(), fleet, counted("prices").every(MINUTE));
        fleet.held(SECOND);
        assertThatThrownBy(() -> jobs.runNow("prices", "alice"))
                .isInstanceOf(JobException.class)
                .hasMessage("Job 'prices' was not started: it is running on another node. Wait for its end, or cancel"
                        + " it there; the lease of a node that died ends within 10 s.")
                .matches(e -> JobCommand.isConflict((JobException) e), "is a conflict");
        fleet.away = true;
        assertThatThrownBy(() -> jobs.runNow("prices", "alice"))
                .isInstanceOf(JobException.class)
                .hasMessage("Job 'prices' was not started: Redis does not answer, so nobody knows whether it runs on"
                        + " another node. Try again when Redis answers.")
                .matches(e -> !JobCommand.isConflict((JobException) e), "is no conflict");
        assertThat(jobs.state("prices").running()).isEmpty();
    }

    @Test
    void runNow_notStartedOrClosed_isRefused() {
        JobsBuilder builder = new JobsBuilder();
        builder.job(counted("prices"));
        LiveJobs jobs = builder.build(node.node());
        assertThatThrownBy(() -> jobs.runNow("prices", "alice"))
                .isInstanceOf(JobException.class)
                .hasMessage("Job 'prices' was not started: the jobs are not started. Start them first.");
        jobs.close();
        jobs.close();
        assertThatThrownBy(() -> jobs.runNow("prices", "alice"))
                .isInstanceOf(JobException.class)
                .hasMessage("Job 'prices' was not started: the jobs are closed.");
        assertThatThrownBy(jobs::start).isInstanceOf(JobException.class);
    }

    @Test
    void cancel_running_asksItToEnd() {
        List<LiveJobs> self = new ArrayList<>();
        self.add(started(Job.of("prices", run -> {
            assertThat(run.isCancelled()).isFalse();
            self.get(0).cancel("prices", "alice");
            assertThat(run.isCancelled()).isTrue();
            return Map.of();
        })));

        self.get(0).cancel("prices", "alice");
        self.get(0).runNow("prices", "bob");

        assertThat(self.get(0).state("prices").last()).hasValueSatisfying(last -> {
            assertThat(last.status()).isEqualTo(Status.CANCELLED);
            assertThat(last.stoppedBy()).hasValue("'alice'");
        });
    }

    @Test
    void close_running_cancelsItAndNothingStartsAnyMore() {
        List<LiveJobs> self = new ArrayList<>();
        self.add(started(Job.of("prices", run -> {
                    runs.add(run);
                    self.get(0).close();
                    assertThat(run.isCancelled()).isTrue();
                    return Map.of();
                })
                .every(MINUTE)));

        node.pass(MINUTE.multipliedBy(5));

        assertThat(runs).hasSize(1);
        assertThat(self.get(0).state("prices").nextRun()).isEmpty();
        assertThat(self.get(0).state("prices").last().orElseThrow().stoppedBy()).hasValue("the end of the jobs");
    }

    @Test
    void stoppedBy_taskThatEndsEarly_isPartOfItsResult() {
        LiveJobs jobs = started(Job.of("prices", run -> {
            run.stoppedBy("its deadline of PT10M");
            return Map.of("loaded", 3L);
        }));

        jobs.runNow("prices", "alice");

        assertThat(jobs.state("prices").last()).hasValueSatisfying(last -> {
            assertThat(last.status()).isEqualTo(Status.SUCCEEDED);
            assertThat(last.stoppedBy()).hasValue("its deadline of PT10M");
            assertThat(last.counts()).isEqualTo(Map.of("loaded", 3L));
        });
    }

    @Test
    void counted_taskThatThrows_areTheCountsOfItsResult() {
        assertThat(countsOfFailure(run -> {
                    run.progress(7, 10);
                    run.counted(Map.of("loaded", 4L));
                    run.counted(Map.of("loaded", 5L, "failed", 2L));
                }))
                .isEqualTo(Map.of("loaded", 5L, "failed", 2L));
        assertThat(countsOfFailure(run -> run.progress(7, 10))).isEqualTo(Map.of("done", 7L, "total", 10L));
        assertThat(countsOfFailure(run -> run.progress(7, 0))).isEqualTo(Map.of("done", 7L));
        assertThat(countsOfFailure(run -> {})).isEmpty();
    }

    private Map<String, Long> countsOfFailure(Consumer<JobRun> before) {
        LiveJobs jobs = started(Job.of("prices", run -> {
            before.accept(run);
            throw new IllegalStateException("no prices");
        }));
        jobs.runNow("prices", "alice");
        JobState.Result last = jobs.state("prices").last().orElseThrow();
        assertThat(last.status()).isEqualTo(Status.FAILED);
        return last.counts();
    }

    @Test
    void progress_longRun_isLoggedEveryFiveSeconds() {
        LiveJobs jobs = started(Job.of("warm-up", run -> {
            run.progress(100, 400);
            node.pass(Duration.ofSeconds(6));
            return Map.of("loaded", 100L, "failed", 2L);
        }));

        try (RecordedLog log = RecordedLog.ofEverybody()) {
            jobs.runNow("warm-up", "alice");

            assertThat(log.lines())
                    .contains(
                            "INFO Job 'warm-up' has done 100 of 400 (25 %) after 5.0 s, 20 per second, 15 s left.",
                            "INFO Job 'warm-up' succeeded after 6.0 s: failed=2, loaded=100.");
        }
    }
}
