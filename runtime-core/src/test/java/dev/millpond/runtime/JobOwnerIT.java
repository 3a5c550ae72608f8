package dev.millpond.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millpond.testkit.RedisExtension;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Three processes that share a job, of which one stands still while it runs it, and another one is killed. */
@Tag("one-jdk")
class JobOwnerIT {

    private static final Duration LONG_ENOUGH = Duration.ofSeconds(20);

    /** For a process of a busy machine to ask for the job, and to run it for the first time. */
    private static final Duration ALLOWANCE = Duration.ofSeconds(1);

    private static final Logger log = LoggerFactory.getLogger(JobOwnerIT.class);

    @RegisterExtension
    static final RedisExtension REDIS = RedisExtension.create();

    /** What a node wrote during a run, and when by the clock of Redis. */
    private record Write(String node, long token, long due, long at) {

        static Write of(Object line) {
            String[] words = line.toString().split(" ", -1);
            return new Write(words[0], Long.parseLong(words[1]), Long.parseLong(words[2]), Long.parseLong(words[3]));
        }
    }

    /** How long a job had no owner, and for how long of that the machine did not get to it. */
    private record Takeover(Duration time, Duration stoodStill) {

        /** The lease of a dead node ends within a period. */
        void check() {
            assertThat(time)
                    .as("until another node ran the job, while this process stood still for %s", stoodStill)
                    .isLessThanOrEqualTo(JobNodeProcess.PERIOD.plus(ALLOWANCE).plus(stoodStill));
        }
    }

    private final Map<String, Process> nodes = new LinkedHashMap<>();

    @BeforeEach
    void empty() {
        REDIS.server().flush();
    }

    @AfterEach
    void killAll() throws InterruptedException {
        for (Process node : nodes.values()) {
            node.destroyForcibly().waitFor();
        }
        REDIS.server().flush();
    }

    private void start(String name) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        JobNodeProcess.class.getName(),
                        name)
                .redirectErrorStream(true)
                .redirectOutput(Redirect.to(
                        Path.of("target", "job-node-" + name + ".log").toFile()));
        builder.environment().put("MILLPOND_TEST_REDIS", REDIS.url());
        nodes.put(name, builder.start());
    }

    private void startJobs() throws IOException {
        for (Process node : nodes.values()) {
            OutputStream input = node.getOutputStream();
            input.write('\n');
            input.flush();
        }
    }

    private static List<?> list(String key) {
        return JobNodeProcess.ask(REDIS.server(), "LRANGE", key, "0", "-1") instanceof List<?> lines
                ? lines
                : List.of();
    }

    private static List<Write> writes(String key) {
        return list(key).stream().map(Write::of).toList();
    }

    private static void eventually(Runnable assertion) {
        await().atMost(LONG_ENOUGH).pollInterval(Duration.ofMillis(10)).untilAsserted(assertion::run);
    }

    private static void holdTheNextRun() {
        JobNodeProcess.ask(REDIS.server(), "DEL", JobNodeProcess.HELD);
        JobNodeProcess.ask(REDIS.server(), "SET", JobNodeProcess.HOLD, "1");
    }

    /** Returns the node whose run holds. */
    private static String heldNode() {
        eventually(() -> assertThat(list(JobNodeProcess.HELD)).isNotEmpty());
        return list(JobNodeProcess.HELD).get(0).toString();
    }

    private Process process(String node) {
        return Objects.requireNonNull(nodes.get(node));
    }

    private void signal(String name, String node) throws IOException, InterruptedException {
        long pid = process(node).pid();
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                        .start()
                        .waitFor())
                .isZero();
    }

    /** Lets runs go on without the node that holds, and returns how long it takes until another one begins. */
    private static Takeover takeover() {
        try (Standstills standstills = Standstills.watch()) {
            int before = list(JobNodeProcess.BEGUN).size();
            long since = timeOfRedis();
            JobNodeProcess.ask(REDIS.server(), "DEL", JobNodeProcess.HOLD);
            eventually(() -> assertThat(list(JobNodeProcess.BEGUN)).hasSizeGreaterThan(before));
            long until = writes(JobNodeProcess.BEGUN).get(before).at();
            return new Takeover(Duration.ofMillis(until - since), standstills.total());
        }
    }

    private static long timeOfRedis() {
        List<?> time = (List<?>) Objects.requireNonNull(JobNodeProcess.ask(REDIS.server(), "TIME"));
        return TimeUnit.SECONDS.toMillis(Long.parseLong(time.get(0).toString()))
                + TimeUnit.MICROSECONDS.toMillis(Long.parseLong(time.get(1).toString()));
    }

    @Test
    void due_ownerStandsStillAndAnotherOneIsKilled_eachTimeIsRunOnceAndTheOldOwnerCannotWrite() throws Exception {
        for (String name : List.of("one", "two", "three")) {
            start(name);
        }
        eventually(() -> assertThat(list(JobNodeProcess.READY)).hasSize(3));
        holdTheNextRun();
        startJobs();

        String still = heldNode();
        signal("STOP", still);
        Write stopped = writes(JobNodeProcess.BEGUN).get(0);
        Takeover afterStandstill = takeover();
        assertThat(writes(JobNodeProcess.REFUSED)).isEmpty();
        signal("CONT", still);
        eventually(() -> assertThat(list(JobNodeProcess.REFUSED)).hasSize(1));

        holdTheNextRun();
        String dead = heldNode();
        process(dead).destroyForcibly().waitFor();
        int begunByDead = list(JobNodeProcess.BEGUN).size();
        Takeover afterDeath = takeover();
        eventually(() -> assertThat(list(JobNodeProcess.ENDED)).hasSizeGreaterThan(begunByDead));

        log.info(
                "Every {} ms: the next run began {} ms after its node was stopped, {} ms after it was killed",
                JobNodeProcess.PERIOD.toMillis(),
                afterStandstill.time().toMillis(),
                afterDeath.time().toMillis());
        afterStandstill.check();
        afterDeath.check();
        assertThat(stopped.node()).isEqualTo(still);
        assertThat(writes(JobNodeProcess.REFUSED))
                .singleElement()
                .satisfies(refused -> assertThat(refused.token()).isEqualTo(stopped.token()));
        List<Write> begun = writes(JobNodeProcess.BEGUN);
        assertThat(begun.get(1).node()).isNotEqualTo(still);
        assertThat(begun.subList(begunByDead, begun.size()))
                .extracting(Write::node)
                .doesNotContain(dead);
        assertThat(begun).extracting(Write::token).isSorted().doesNotHaveDuplicates();
        assertThat(begun).extracting(Write::due).isEqualTo(periodsFrom(stopped.due(), begun.size()));
        Set<Long> notEnded = new HashSet<>(begun.stream().map(Write::token).toList());
        writes(JobNodeProcess.ENDED).forEach(each -> notEnded.remove(each.token()));
        assertThat(notEnded)
                .contains(stopped.token(), begun.get(begunByDead - 1).token());
    }

    private static List<Long> periodsFrom(long due, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> due + i * JobNodeProcess.PERIOD.toMillis())
                .toList();
    }
}
