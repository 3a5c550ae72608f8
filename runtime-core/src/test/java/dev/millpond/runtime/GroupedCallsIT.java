package dev.millpond.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.millpond.runtime.spi.KeyCommands;
import dev.millpond.runtime.spi.RedisUnavailableException;
import dev.millpond.testkit.RedisCluster;
import dev.millpond.testkit.RedisExtension;
import dev.millpond.testkit.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Many threads that call Redis at once, each with a key of its own. */
@Tag("one-jdk")
final class GroupedCallsIT {

    @RegisterExtension
    static final RedisExtension redis = RedisExtension.create();

    @RegisterExtension
    static final RedisCluster cluster = RedisCluster.create();

    private static final Logger log = LoggerFactory.getLogger(GroupedCallsIT.class);
    private static final Duration BUDGET = Duration.ofSeconds(20);
    private static final int THREADS = 32;
    private static final int CALLS = 200;
    private static final String READ = "return redis.call('GET', KEYS[1])";
    private static final String ECHO = "return table.concat(KEYS, ' ') .. '|' .. table.concat(ARGV, ' ')";
    private static final String COUNT = "return redis.call('INCR', KEYS[1])";
    private static final String SCRIPT = "redis.call('SET', KEYS[1], ARGV[1], 'PX', 60000)\nreturn ARGV[1]";

    private final RedisServer server = redis.server();
    private final RedisConnection connection = PatientRedis.connect(redis.url());
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

    @AfterEach
    void close() {
        threads.shutdownNow();
        connection.close();
    }

    @Test
    void callGrouped_manyThreadsRead_eachGetsItsOwnAnswerByACommandOfMany() throws Exception {
        inParallel(thread -> put(connection, thread));
        server.command("CONFIG", "RESETSTAT");

        inParallel(thread -> {
            for (int call = 0; call < CALLS; call++) {
                assertThat(get(connection, key(thread))).isEqualTo("value-" + thread);
            }
        });

        long commands = calls("get") + calls("mget");
        log.info("{} reads by {} commands", THREADS * CALLS, commands);
        assertThat(commands).isLessThan(THREADS * CALLS / 2);
    }

    @Test
    void callGrouped_manyThreadsCallAScript_eachGetsItsOwnAnswerByACallOfMany() throws Exception {
        inParallel(thread -> eval(connection, key(thread), "first"));
        server.command("CONFIG", "RESETSTAT");

        inParallel(thread -> {
            for (int call = 0; call < CALLS; call++) {
                String argument = thread + "-" + call;
                assertThat(eval(connection, key(thread), argument)).isEqualTo(argument);
            }
        });

        long commands = calls("evalsha");
        log.info("{} calls of a script by {} commands", THREADS * CALLS, commands);
        assertThat(commands).isLessThan(THREADS * CALLS / 2);
        assertThat(calls("set")).as("runs of the script").isEqualTo(THREADS * CALLS);
    }

    /** First calls that are alike but for their last argument, then some that differ in all numbers. */
    @Test
    void callGrouped_callsOfAScriptWithOtherNumbersOfKeysAndArguments_eachFindsItsOwn() throws Exception {
        server.command("CONFIG", "RESETSTAT");

        inParallel(thread -> {
            for (int call = 0; call < CALLS; call++) {
                String own = thread + "-" + call;
                boolean alike = call < CALLS / 2;
                List<String> keys = Collections.nCopies(alike ? 2 : (thread + call) % 4, "key-" + own);
                List<String> arguments =
                        List.of("x", "y", own, own, own).subList(0, alike ? 3 : (thread + call / 2) % 6);
                assertThat(echo(connection, keys, arguments))
                        .isEqualTo(String.join(" ", keys) + "|" + String.join(" ", arguments));
            }
        });

        assertThat(calls("evalsha")).isLessThan(THREADS * CALLS / 2);
    }

    @Test
    void callGrouped_scriptsForgottenMeanwhile_allAreRunOnce() throws Exception {
        server.command("CONFIG", "RESETSTAT");

        inParallel(thread -> {
            for (int call = 0; call < CALLS; call++) {
                if (thread == 0 && call % 20 == 10) {
                    server.command("SCRIPT", "FLUSH");
                }
                String argument = thread + "-" + call;
                assertThat(eval(connection, key(thread), argument)).isEqualTo(argument);
            }
        });

        assertThat(calls("set")).as("runs of the script").isEqualTo(THREADS * CALLS);
    }

    @Test
    void callGrouped_keysOfAnotherType_failAloneAmongOthers() throws Exception {
        server.command("RPUSH", "list", "element");
        inParallel(thread -> put(connection, thread));

        inParallel(thread -> {
            for (int call = 0; call < CALLS; call++) {
                if (thread % 4 == 0) {
                    assertThatExceptionOfType(RedisUnavailableException.class)
                            .isThrownBy(() -> read(connection, "list"))
                            .matches(e -> !e.away());
                } else {
                    assertThat(read(connection, key(thread))).isEqualTo("value-" + thread);
                }
            }
        });

        assertThat(connection.available()).isTrue();
    }

    @Test
    void callGrouped_clusterManyThreads_eachGetsItsOwnAnswerAndManyAreWrittenTogether() throws Exception {
        try (RedisConnection ofCluster = PatientRedis.connectTo(cluster.redissonYaml())) {
            inParallel(thread -> put(ofCluster, thread));
            long before = packets();

            inParallel(thread -> {
                for (int call = 0; call < CALLS; call++) {
                    assertThat(get(ofCluster, key(thread))).isEqualTo("value-" + thread);
                    assertThat(eval(ofCluster, key(thread), "value-" + thread)).isEqualTo("value-" + thread);
                }
            });

            long packets = packets() - before;
            log.info("{} calls of a cluster by {} packets", 2 * THREADS * CALLS, packets);
            assertThat(packets).isBetween(1L, (long) THREADS * CALLS);
        }
    }

    @Test
    void callGrouped_clusterHasAKeyOfAnotherType_failsAloneAmongOthers() throws Exception {
        try (RedisConnection ofCluster = PatientRedis.connectTo(cluster.redissonYaml())) {
            inParallel(thread -> put(ofCluster, thread));
            cluster.masterOf("list").command("RPUSH", "list", "element");

            inParallel(thread -> {
                for (int call = 0; call < CALLS; call++) {
                    if (thread % 4 == 0) {
                        assertThatExceptionOfType(RedisUnavailableException.class)
                                .isThrownBy(() -> get(ofCluster, "list"))
                                .matches(e -> !e.away());
                    } else {
                        assertThat(get(ofCluster, key(thread))).isEqualTo("value-" + thread);
                    }
                }
            });

            assertThat(ofCluster.available()).isTrue();
        }
    }

    @Test
    void callGrouped_slotsMoveMeanwhile_eachGetsItsOwnAnswerAndScriptsRunOnce() throws Exception {
        try (RedisConnection ofCluster = PatientRedis.connectTo(cluster.redissonYaml())) {
            inParallel(thread -> put(ofCluster, thread));

            inParallel(thread -> {
                for (int call = 1; call <= CALLS; call++) {
                    if (thread == 0 && call % 50 == 25) {
                        cluster.moveSlot(key(call % THREADS));
                    }
                    assertThat(get(ofCluster, key(thread))).isEqualTo("value-" + thread);
                    assertThat(count(ofCluster, "counted-" + thread)).isEqualTo(call);
                }
            });
        } finally {
            cluster.heal();
        }
    }

    @Test
    void callGrouped_clusterForgetsScripts_eachRunsOnce() throws Exception {
        try (RedisConnection ofCluster = PatientRedis.connectTo(cluster.redissonYaml())) {
            inParallel(thread -> {
                for (int call = 1; call <= CALLS; call++) {
                    if (thread == 0 && call % 50 == 25) {
                        cluster.masters().forEach(master -> master.command("SCRIPT", "FLUSH"));
                    }
                    assertThat(count(ofCluster, "forgotten-" + thread)).isEqualTo(call);
                }
            });
        }
    }

    @Test
    void callGrouped_clusterDoesNotAnswer_endsWithTheTimeoutOfTheClient() throws Exception {
        assumeThat(server.controllable()).isTrue();
        try (RedisConnection ofCluster = RedisConnection.ofYaml(cluster.redissonYaml())) {
            assertThat(ofCluster.awaitAvailable(BUDGET)).isTrue();
            cluster.masters().forEach(RedisServer::pause);

            inParallel(thread -> {
                CompletionStage<byte @Nullable []> answer = asyncGet(ofCluster, key(thread));
                assertFailsLongBeforeItsBudget(answer);
            });
        } finally {
            cluster.masters().forEach(RedisServer::resume);
            cluster.heal();
        }
    }

    @Test
    void close_callsOfAClusterOnTheWay_endsThem() {
        assumeThat(server.controllable()).isTrue();
        List<CompletionStage<byte @Nullable []>> answers = new ArrayList<>();
        try (RedisConnection ofCluster = RedisConnection.ofYaml(cluster.redissonYaml())) {
            assertThat(ofCluster.awaitAvailable(BUDGET)).isTrue();
            cluster.masters().forEach(RedisServer::pause);
            for (int thread = 0; thread < THREADS; thread++) {
                answers.add(asyncGet(ofCluster, key(thread)));
            }
        } finally {
            cluster.masters().forEach(RedisServer::resume);
            cluster.heal();
        }
        answers.forEach(GroupedCallsIT::assertFailsLongBeforeItsBudget);
    }

    private static void assertFailsLongBeforeItsBudget(CompletionStage<?> answer) {
        assertThat(answer.toCompletableFuture())
                .failsWithin(BUDGET.dividedBy(2))
                .withThrowableOfType(ExecutionException.class); // else it has not ended at all
    }

    private static CompletionStage<byte @Nullable []> asyncGet(RedisConnection connection, String key) {
        return connection.guard().<byte @Nullable []>callGroupedAsync(BUDGET, "test", commands -> commands.get(key));
    }

    private static long count(RedisConnection connection, String key) {
        return connection
                .guard()
                .callGrouped(BUDGET, "test", commands -> commands.evalLong(COUNT, List.of(key), List.of()));
    }

    /** Returns how often masters have read from a socket so far. */
    private static long packets() {
        return cluster.masters().stream()
                .mapToLong(master -> number(master, "stats", "total_reads_processed"))
                .sum();
    }

    private static long number(RedisServer of, String section, String field) {
        Matcher matcher = Pattern.compile(field + "[:=](\\d+)").matcher(String.valueOf(of.command("INFO", section)));
        return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
    }

    @Test
    void callGrouped_redisDoesNotAnswer_eachCallEndsWithItsOwnBudget() throws Exception {
        assumeThat(server.controllable()).isTrue();
        Duration budget = Duration.ofMillis(100);
        server.pause();
        try {
            inParallel(thread -> {
                long startedAt = System.nanoTime();
                assertThatExceptionOfType(RedisUnavailableException.class)
                        .isThrownBy(() -> text(connection, budget, commands -> commands.get(key(thread))));
                assertThat(Duration.ofNanos(System.nanoTime() - startedAt)).isLessThan(budget.plusSeconds(5));
            });
        } finally {
            server.resume();
        }

        await().atMost(BUDGET)
                .ignoreExceptions()
                .untilAsserted(
                        () -> assertThat(eval(connection, key(0), "back")).isEqualTo("back"));
    }

    /** Two calls that wait while the thread of the network is busy go together; nobody answers them at first. */
    @Test
    void callGroupedAsync_otherBudgetsInOneBatch_eachEndsByItsOwn() throws Exception {
        assumeThat(server.controllable()).isTrue();
        put(connection, 0);
        long groupedBefore = connection.stats().calls().grouped();
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch free = new CountDownLatch(1);
        server.pause();
        CompletableFuture<byte[]> hasty;
        CompletableFuture<byte[]> patient;
        try {
            var unused = later(BUDGET).thenRun(() -> {
                busy.countDown();
                uninterrupted(free);
            });
            server.resume();
            assertThat(busy.await(BUDGET.toSeconds(), TimeUnit.SECONDS)).isTrue();
            server.pause();
            hasty = later(Duration.ofMillis(500));
            patient = later(BUDGET);
            free.countDown();

            assertThat(hasty)
                    .failsWithin(Duration.ofSeconds(5))
                    .withThrowableThat()
                    .withCauseInstanceOf(RedisUnavailableException.class);
            assertThat(patient).isNotDone();
        } finally {
            free.countDown();
            server.resume();
        }

        assertThat(patient).succeedsWithin(BUDGET).isEqualTo("value-0".getBytes(UTF_8));
        assertThat(connection.stats().calls().grouped() - groupedBefore).isEqualTo(2);
    }

    private CompletableFuture<byte[]> later(Duration budget) {
        return connection
                .guard()
                .<byte[]>callGroupedAsync(budget, "test", commands -> commands.get(key(0)))
                .toCompletableFuture();
    }

    private static void uninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String key(int thread) {
        return "grouped-" + thread;
    }

    private static void put(RedisConnection connection, int thread) {
        byte[] value = ("value-" + thread).getBytes(UTF_8);
        connection
                .guard()
                .<@Nullable Void>callGrouped(BUDGET, "test", commands -> commands.set(key(thread), value, BUDGET));
    }

    private static String get(RedisConnection connection, String key) {
        return text(connection, BUDGET, commands -> commands.get(key));
    }

    private static String read(RedisConnection connection, String key) {
        return text(connection, BUDGET, commands -> commands.evalBytes(READ, List.of(key), List.of()));
    }

    private static String eval(RedisConnection connection, String key, String argument) {
        return text(
                connection,
                BUDGET,
                commands -> commands.evalBytes(SCRIPT, List.of(key), List.of(argument.getBytes(UTF_8))));
    }

    private static String echo(RedisConnection connection, List<String> keys, List<String> arguments) {
        List<byte[]> bytes =
                arguments.stream().map(argument -> argument.getBytes(UTF_8)).toList();
        return text(connection, BUDGET, commands -> commands.evalBytes(ECHO, keys, bytes));
    }

    private static String text(
            RedisConnection connection,
            Duration budget,
            Function<KeyCommands, CompletionStage<byte @Nullable []>> command) {
        byte[] answer = connection.guard().<byte @Nullable []>callGrouped(budget, "test", command);
        return new String(requireNonNull(answer), UTF_8);
    }

    private long calls(String command) {
        return number(server, "commandstats", "cmdstat_" + command + ":calls");
    }

    private void inParallel(ThreadBody body) throws Exception {
        List<Future<?>> running = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            int number = thread;
            running.add(threads.submit(() -> body.run(number)));
        }
        for (Future<?> thread : running) {
            thread.get();
        }
    }

    /** What a thread does. */
    private interface ThreadBody {
        void run(int thread);
    }
}
