package dev.millpond.runtime.internal.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millpond.runtime.Job;
import dev.millpond.runtime.JobException;
import dev.millpond.runtime.JobState;
import dev.millpond.runtime.JobState.Skip;
import dev.millpond.runtime.JobState.Status;
import dev.millpond.runtime.JobTask;
import dev.millpond.runtime.internal.RecordedLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Runs for which there is no thread, that are not wanted any more, or that fail in odd ways. */
class TroubledRunsTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final FakeNode node = new FakeNode();
    private final FakeFleet fleet = new FakeFleet();
    private final List<String> began = new ArrayList<>();

    private LiveJobs started(Job... jobs) {
        JobsBuilder builder = new JobsBuilder();
        List.of(jobs).forEach(builder::job);
        LiveJobs live = builder.build(node.node(fleet));
        live.start();
        return live;
    }

    private Job counted(String name) {
        return Job.of(name, run -> {
            began.add(name);
            return Map.of();
        });
    }

    private JobState afterThreeMinutes(JobTask task) {
        LiveJobs jobs = started(Job.of("prices", task).every(MINUTE));
        node.pass(MINUTE.multipliedBy(3));
        return jobs.state("prices");
    }

    private static Job thrower(Throwable failure) {
        return Job.of("prices", run -> {
                    throw new IllegalStateException(failure);
                })
                .every(MINUTE);
    }

    @Test
    void run_failureThatCannotBeToldOf_isToldByItsClass() {
        JobState state = afterThreeMinutes(run -> {
            throw new Mute(true);
        });

        assertThat(state.failures()).isEqualTo(3);
        assertThat(fleet.released).hasSize(3);
        assertThat(state.last().orElseThrow().failure()).hasValue(Mute.class.getName());
    }

    @Test
    void run_failureWithoutAText_isToldByItsClass() {
        JobState state = afterThreeMinutes(run -> {
            throw new Mute(false);
        });

        assertThat(state.failures()).isEqualTo(3);
        assertThat(state.last().orElseThrow().failure()).hasValue(Mute.class.getName());
    }

    @Test
    @SuppressWarnings("NullAway")
    void run_countsThatCannotBeLogged_endsAllTheSame() {
        Map<String, Long> odd = new HashMap<>();
        odd.put(null, 1L);

        JobState state = afterThreeMinutes(run -> odd);

        assertThat(state.runs()).isEqualTo(3);
        assertThat(fleet.released).hasSize(3);
        assertThat(state.running()).isEmpty();
    }

    @Test
    void due_noThreadCanBeHad_isCountedAndTheNextRuns() {
        LiveJobs jobs =
                started(counted("prices").every(MINUTE), counted("rates").every(MINUTE));
        node.breakThreads(true);
        node.pass(MINUTE.multipliedBy(2));
        assertThat(jobs.state("prices").skips()).isEqualTo(Map.of(Skip.NO_THREAD, 2L));

        node.breakThreads(false);
        node.pass(MINUTE);

        assertThat(began).containsExactly("rates", "prices");
    }

    @Test
    void start_noThreadCanBeHad_doesNotWaitForItAndSchedulesCount() {
        node.breakThreads(true);
        LiveJobs jobs = started(counted("prices").every(MINUTE).atStart());

        assertThat(jobs.awaitFirstRuns(List.of("prices"), Duration.ZERO)).isTrue();
        assertThat(jobs.state("prices").skips()).isEqualTo(Map.of(Skip.NO_THREAD, 1L));
        node.breakThreads(false);
        node.pass(MINUTE);
        assertThat(began).hasSize(1);
    }

    @Test
    void runNow_noThreadCanBeHad_isRefusedAndGivesTheLeaseBack() {
        LiveJobs jobs = started(counted("prices"));
        node.breakThreads(true);

        assertThatThrownBy(() -> jobs.runNow("prices", "alice"))
                .isInstanceOf(JobException.class)
                .hasMessage("Job 'prices' was not started: no thread can be had for it. Try again later.");

        assertThat(fleet.released).hasSize(1);
        node.breakThreads(false);
        jobs.runNow("prices", "alice");
        assertThat(began).hasSize(1);
    }

    @Test
    void cancel_waitsForAThread_givesTheLeaseBackAtOnceAndNeverBegins() {
        LiveJobs jobs = started(counted("prices"));
        node.takeThreads();
        jobs.runNow("prices", "alice");

        jobs.cancel("prices", "bob");

        assertThat(fleet.released).hasSize(1);
        assertThat(jobs.state("prices").running()).isEmpty();
        assertThat(jobs.state("prices").last().orElseThrow().status()).isEqualTo(Status.CANCELLED);
        node.pass(MINUTE);
        assertThat(fleet.renewals).isZero();
        jobs.runNow("prices", "alice");
        node.giveThreads();
        assertThat(began).hasSize(1);
        assertThat(fleet.released).hasSize(2);
    }

    @Test
    void run_lostWhileItWaitsForAThread_neverBegins() {
        LiveJobs jobs = started(counted("prices"));
        node.takeThreads();
        jobs.runNow("prices", "alice");
        fleet.taken = true;
        node.pass(MINUTE);
        assertThat(jobs.state("prices").last().orElseThrow().status()).isEqualTo(Status.LOST);

        node.giveThreads();

        assertThat(began).isEmpty();
    }

    @Test
    void close_waitsForAThread_givesTheLeaseBackAndNeverBegins() {
        LiveJobs jobs = started(counted("prices"));
        node.takeThreads();
        jobs.runNow("prices", "alice");

        jobs.close();
        node.giveThreads();

        assertThat(began).isEmpty();
        assertThat(fleet.released).hasSize(1);
    }

    @Test
    void due_redisAwayForAMoment_runsWhenItIsBack() {
        LiveJobs jobs = started(counted("prices").every(MINUTE));
        fleet.away = true;
        node.pass(MINUTE.plusSeconds(5));
        assertThat(jobs.state("prices").skips()).isEmpty();

        fleet.away = false;
        node.pass(Duration.ofSeconds(1));

        assertThat(began).hasSize(1);
        assertThat(fleet.asked)
                .extracting(Due::time)
                .containsOnly(fleet.asked.get(0).time());
    }

    @Test
    void due_redisAwayForHalfOfThePeriod_isSkipped() {
        LiveJobs jobs = started(counted("prices").every(MINUTE));
        fleet.away = true;
        node.pass(MINUTE.plusSeconds(29));
        assertThat(jobs.state("prices").skips()).isEmpty();

        node.pass(Duration.ofSeconds(5));

        assertThat(jobs.state("prices").skips()).isEqualTo(Map.of(Skip.REDIS_AWAY, 1L));
        assertThat(fleet.asked).hasSize(31);
    }

    @Test
    void run_failsEachTimeAlike_isLoggedAtPowersOfTwo() {
        try (RecordedLog log = RecordedLog.ofEverybody()) {
            started(thrower(new IllegalArgumentException("no prices")));
            node.pass(MINUTE.multipliedBy(10));

            assertThat(log.lines())
                    .filteredOn(line -> line.startsWith("WARN"))
                    .containsExactly(
                            "WARN Job 'prices' failed after 0.0 s: java.lang.IllegalStateException:"
                                    + " java.lang.IllegalArgumentException: no prices.",
                            again(2),
                            again(4),
                            again(8));
            assertThat(log.failures())
                    .singleElement()
                    .satisfies(failure -> assertThat(failure).contains("TroubledRunsTest"));
        }
    }

    private static String again(int times) {
        return "WARN Job 'prices' failed after 0.0 s: java.lang.IllegalStateException:"
                + " java.lang.IllegalArgumentException: no prices. It failed like that " + times + " times in a row.";
    }

    /** Has no text, or fails when it is asked for it. */
    private static final class Mute extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final boolean fails;

        Mute(boolean fails) {
            this.fails = fails;
        }

        @Override
        @SuppressWarnings("NullAway")
        public @Nullable String getMessage() {
            if (fails) {
                throw new NullPointerException("no message");
            }
            return null;
        }

        @Override
        @SuppressWarnings({"NullAway", "ToStringReturnsNull"})
        public String toString() {
            return fails ? super.toString() : null;
        }
    }
}
