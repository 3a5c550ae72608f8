package dev.millpond.runtime.internal.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.millpond.runtime.Job;
import dev.millpond.runtime.JobException;
import dev.millpond.runtime.JobRun;
import dev.millpond.runtime.JobState.Skip;
import dev.millpond.runtime.JobState.Status;
import dev.millpond.runtime.JobTask;
import dev.millpond.runtime.Jobs;
import dev.millpond.runtime.PatientRedis;
import dev.millpond.runtime.RedisConnection;
import dev.millpond.testkit.FaultProxy;
import dev.millpond.testkit.RedisExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Jobs of several nodes that share a real Redis. */
class RedisJobsIT {

    private static final Duration LONG_ENOUGH = Duration.ofSeconds(20);
    private static final Duration PROMISED = Duration.ofSeconds(2);
    private static final Duration PERIOD = Duration.ofMillis(200);

    @RegisterExtension
    static final RedisExtension REDIS = RedisExtension.create();

    private record Run(String node, long token) {}

    private final FaultProxy proxy = FaultProxy.to(REDIS.server());
    private final RedisConnection connection = PatientRedis.connect(REDIS.url());
    private final RedisConnection proxied = RedisConnection.to(proxy.url());
    private final List<Jobs> nodes = new ArrayList<>();
    private final Queue<Run> runs = new ConcurrentLinkedQueue<>();
    private final CountDownLatch end = new CountDownLatch(1);

    @BeforeEach
    void connect() {
        assertThat(proxied.awaitAvailable(LONG_ENOUGH)).isTrue();
    }

    @AfterEach
    void repair() {
        end.countDown();
        nodes.forEach(Jobs::close);
        connection.close();
        proxied.close();
        proxy.close();
        if (REDIS.server().controllable()) {
            REDIS.server().start();
        }
        REDIS.server().flush();
    }

    private Jobs node(RedisConnection redis, Job... jobs) {
        Jobs.Builder builder = Jobs.builder().redis(redis).namespace("shop");
        List.of(jobs).forEach(builder::job);
        Jobs node = builder.build();
        nodes.add(node);
        node.start();
        return node;
    }

    private JobTask counted(String node) {
        return run -> {
            runs.add(new Run(node, run.fencingToken()));
            return Map.of();
        };
    }

    private Job counted(String node, Duration period) {
        return Job.of("job", counted(node)).every(period);
    }

    /** Runs until it is cancelled, or the test ends. */
    private Job endless(String node) {
        return Job.of("job", run -> {
                    counted(node).run(run);
                    while (!run.isCancelled() && !end.await(5, TimeUnit.MILLISECONDS)) {
                        run.progress(1, 2);
                    }
                    return Map.of();
                })
                .every(PERIOD);
    }

    private static void eventually(Runnable assertion) {
        await().atMost(LONG_ENOUGH).pollInterval(Duration.ofMillis(10)).untilAsserted(assertion::run);
    }

    private void tokensRise() {
        assertThat(runs).extracting(Run::token).isSorted().doesNotHaveDuplicates();
    }

    /** Runs of two nodes may be noted in another order than they began, on a machine that stands still. */
    private void tokensDiffer() {
        assertThat(runs).extracting(Run::token).doesNotHaveDuplicates();
    }

    @Test
    void due_threeNodes_oneOfThemRunsItEachTime() {
        long begun = System.currentTimeMillis();
        List<Jobs> three = List.of(
                node(connection, counted("one", PERIOD)),
                node(connection, counted("two", PERIOD)),
                node(proxied, counted("three", PERIOD)));

        eventually(() -> assertThat(runs).hasSizeGreaterThan(6));
        three.forEach(Jobs::close);

        long periods = System.currentTimeMillis() / PERIOD.toMillis() - begun / PERIOD.toMillis();
        assertThat(runs).hasSizeLessThanOrEqualTo((int) periods);
        tokensDiffer();
        assertThat(three.stream()
                        .mapToLong(node -> node.state("job").skips().getOrDefault(Skip.RUN_ALREADY, 0L))
                        .sum())
                .isGreaterThan(6);
    }

    @Test
    void due_holderCutOff_isLostAndAnotherNodeTakesOver() {
        Jobs one = node(proxied, endless("one"));
        eventually(() -> assertThat(runs).hasSize(1));
        Jobs two = node(connection, counted("two", PERIOD));
        eventually(() -> assertThat(two.state("job").skips()).containsKey(Skip.RUNNING_ELSEWHERE));
        // On a machine that stands still the holder may have lost its lease and taken it again.
        assertThat(runs).extracting(Run::node).containsOnly("one");

        proxy.refuse();
        long cut = System.nanoTime();

        eventually(() -> assertThat(runs).extracting(Run::node).contains("two"));
        assertThat(Duration.ofNanos(System.nanoTime() - cut)).isLessThan(Duration.ofSeconds(5));
        eventually(() -> assertThat(one.state("job").last())
                .hasValueSatisfying(last -> assertThat(last.status()).isEqualTo(Status.LOST)));
        assertThat(one.state("job").overruns()).isPositive();
        tokensRise();
        proxy.restore();
    }

    @Test
    void due_redisLosesEverything_goesOnWithHigherTokens() {
        node(connection, counted("one", PERIOD));
        node(proxied, counted("two", PERIOD));
        eventually(() -> assertThat(runs).hasSizeGreaterThan(2));

        long highest = runs.stream().mapToLong(Run::token).max().orElseThrow();
        REDIS.server().flush();

        int before = runs.size();
        eventually(() -> assertThat(runs).hasSizeGreaterThan(before + 2));
        tokensDiffer();
        assertThat(runs.stream().mapToLong(Run::token).max().orElseThrow()).isGreaterThan(highest);
    }

    @Test
    void run_redisLosesItsLease_keepsItUnlessAnotherNodeHasOne() {
        Jobs one = node(connection, endless("one"));
        eventually(() -> assertThat(runs).hasSize(1));

        REDIS.server().flush();
        eventually(() -> assertThat(REDIS.server().command("HGET", "shop:jobs:{job}", "token"))
                .isEqualTo(Long.toString(runs.element().token())));
        assertThat(one.state("job").running()).isPresent();

        REDIS.server().command("HSET", "shop:jobs:{job}", "holder", "another");
        eventually(() -> assertThat(one.state("job").last())
                .hasValueSatisfying(last -> assertThat(last.status()).isEqualTo(Status.LOST)));
    }

    @Test
    void pause_onOneNode_holdsOnTheOtherInTimeAndAfterARestart() {
        Jobs one = node(connection, counted("one", PERIOD));
        Jobs two = node(proxied, counted("two", PERIOD));
        eventually(() -> assertThat(runs).isNotEmpty());

        assertThat(pausedInTime(one, two)).isTrue();
        one.close();
        two.close();
        int before = runs.size();

        Jobs next = node(connection, counted("next", PERIOD));
        eventually(() -> assertThat(next.state("job").skips().getOrDefault(Skip.PAUSED, 0L))
                .isGreaterThan(2));
        assertThat(runs).hasSize(before);

        next.resume("job", "bob");
        eventually(() -> assertThat(runs).hasSizeGreaterThan(before));
    }

    /** The first job may be due before the first look at what is ordered. */
    @Test
    void known_nodeThatHasJustStarted_looksAtOnce() {
        node(connection, counted("one", PERIOD)).pause("job", "alice");

        JobOrders orders = new JobOrders(proxied, "shop");

        assertThat(orders.known()).isTrue();
        assertThat(orders.paused("job")).isPresent();
        orders.close();
    }

    /** A machine that stands still for a moment may delay most changes. */
    private static boolean pausedInTime(Jobs one, Jobs two) {
        for (int i = 0; i < 5; i++) {
            one.resume("job", "alice");
            eventually(() -> assertThat(two.state("job").paused()).isEmpty());
            one.pause("job", "alice");
            long begun = System.nanoTime();
            eventually(() -> assertThat(two.state("job").paused()).isPresent());
            if (System.nanoTime() - begun < PROMISED.toNanos()) {
                return true;
            }
        }
        return false;
    }

    @Test
    void offset_onOneNode_holdsOnTheOther() {
        Jobs one = node(connection, counted("one", Duration.ofHours(1)));
        Jobs two = node(proxied, counted("two", Duration.ofHours(1)));

        one.offset("job", Duration.ofMinutes(7), "alice");

        eventually(() -> assertThat(two.state("job").offset()).hasValue(Duration.ofMinutes(7)));
        assertThat(two.state("job").nextRun().orElseThrow().getEpochSecond() % 3600)
                .isEqualTo(420);
    }

    @Test
    void runNow_runsOnAnotherNode_isRefusedUntilItHasEnded() {
        Jobs one = node(connection, endless("one"));
        eventually(() -> assertThat(runs).hasSize(1));
        Jobs two = node(proxied, Job.of("job", counted("two")));

        assertThatThrownBy(() -> two.runNow("job", "alice"))
                .isInstanceOf(JobException.class)
                .hasMessageStartingWith("Job 'job' was not started: it is running on another node.");
        one.pause("job", "alice");
        one.cancel("job", "alice");
        eventually(() -> assertThat(one.state("job").running()).isEmpty());
        two.runNow("job", "alice");

        eventually(() -> assertThat(two.state("job").last())
                .hasValueSatisfying(last -> assertThat(last.cause()).isEqualTo(JobRun.Cause.REQUEST)));
        tokensRise();
    }

    @Test
    void due_redisAwayAndBack_isSkippedAndGoesOn() {
        assumeThat(REDIS.server().controllable()).isTrue();
        Jobs one = node(
                connection,
                counted("one", PERIOD),
                Job.of("each", run -> Map.of()).every(PERIOD).onEveryNode());
        eventually(() -> assertThat(runs).isNotEmpty());

        REDIS.server().stop();
        eventually(() -> assertThat(one.state("job").skips()).containsKey(Skip.REDIS_AWAY));
        long before = one.state("each").runs();
        eventually(() -> assertThat(one.state("each").runs()).isGreaterThan(before + 1));
        assertThatThrownBy(() -> one.pause("job", "alice"))
                .isInstanceOf(JobException.class)
                .hasMessageStartingWith("Job 'job': Orders for jobs under 'shop:jobs' may not have been changed: ");
        assertThatThrownBy(() -> one.runNow("job", "alice"))
                .isInstanceOf(JobException.class)
                .hasMessageStartingWith("Job 'job' was not started: ");
        Jobs late = node(proxied, Job.of("first", run -> Map.of()).atStart());
        assertThat(late.awaitFirstRuns(List.of("first"), LONG_ENOUGH)).isTrue();

        REDIS.server().start();
        int runsBefore = runs.size();
        eventually(() -> assertThat(runs).hasSizeGreaterThan(runsBefore));
        tokensRise();
    }
}
