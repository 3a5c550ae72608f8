package dev.millpond.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.ratelimit.LeaseOracle.Answer;
import dev.millpond.ratelimit.RateLimitDecision.Outcome;
import dev.millpond.runtime.RedisConnection;
import dev.millpond.testkit.FaultProxy;
import dev.millpond.testkit.RedisExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Three nodes with leases under load, by the clocks as they are: they admit what the tier allows, no more and hardly
 * less. {@code -Dmillpond.lease-rounds=40} repeats it.
 */
class LeaseOracleIT {

    private static final Duration LONG_ENOUGH = Duration.ofSeconds(10);
    private static final long LOAD = Duration.ofMillis(1_200).toNanos();
    private static final long LONGEST_LOAD = Duration.ofSeconds(30).toNanos();
    private static final long DEATH = Duration.ofMillis(100).toNanos(); // while the bucket is far from empty
    private static final long COST = 10;
    private static final Tier TIER =
            Tier.of("large", RateLimit.perMinute(30_000).withBurst(3_000)).withLease();

    @RegisterExtension
    static final RedisExtension REDIS = RedisExtension.create();

    private final LeaseOracle oracle = new LeaseOracle(TIER);
    private final List<FaultProxy> networks = new ArrayList<>();
    private final List<RedisConnection> connections = new ArrayList<>();
    private final List<RateLimiter> nodes = new ArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private long begunAt;

    static IntStream rounds() {
        return IntStream.rangeClosed(1, Integer.getInteger("millpond.lease-rounds", 1));
    }

    @BeforeEach
    void begin() {
        REDIS.server().flush();
        for (int i = 0; i < 3; i++) {
            FaultProxy network = FaultProxy.to(REDIS.server());
            RedisConnection connection =
                    RedisConnection.ofYaml("{singleServerConfig: {address: '" + network.url() + "', timeout: 300}}");
            assertThat(connection.awaitAvailable(LONG_ENOUGH)).isTrue();
            networks.add(network);
            connections.add(connection);
            nodes.add(RateLimiter.builder()
                    .redis(connection)
                    .secret("0123456789abcdef")
                    .tierOf(key -> Optional.of(TIER))
                    .whenRedisIsDown(FailurePolicy.DENY)
                    .decisionTimeout(Duration.ofMillis(300))
                    .build());
        }
        begunAt = System.nanoTime();
    }

    @AfterEach
    void end() {
        threads.shutdown();
        nodes.forEach(RateLimiter::close);
        connections.forEach(RedisConnection::close);
        networks.forEach(FaultProxy::close);
    }

    private long now() {
        return System.nanoTime() - begunAt;
    }

    /** Tells whether a client goes on asking. */
    @FunctionalInterface
    private interface Patience {
        boolean goesOn(List<Answer> answers);
    }

    private Callable<List<Answer>> client(int node, Patience patience, Runnable pause) {
        return () -> {
            List<Answer> answers = new ArrayList<>();
            while (patience.goesOn(answers)) {
                ask(nodes.get(node), answers);
                pause.run();
            }
            return answers;
        };
    }

    /** What was decided without Redis says nothing about leases. */
    private void ask(RateLimiter node, List<Answer> answers) {
        long after = now();
        RateLimitDecision decision = node.tryAcquire(Client.ofKey("key"), COST);
        if (decision.allowed()) {
            answers.add(new Answer(after, now(), COST));
            return;
        }
        if (decision.outcome() == Outcome.DENIED) {
            answers.add(new Answer(after, now(), 0));
        }
        pause(Duration.ofNanos(200_000)); // thousands of denials more would tell nothing
    }

    private static void pause(Duration time) {
        LockSupport.parkNanos(time.toNanos());
    }

    /** A slow machine needs longer until the bucket is used up. */
    private boolean untilDenied(List<Answer> answers) {
        boolean denied = !answers.isEmpty() && answers.get(answers.size() - 1).denied();
        return now() < LOAD || (!denied && now() < LONGEST_LOAD);
    }

    private Callable<List<Answer>> killed(int node) {
        return () -> {
            List<Answer> answers = client(node, told -> now() < DEATH, () -> {}).call();
            connections.get(node).close(); // nothing that it holds comes back
            return answers;
        };
    }

    private List<List<Answer>> run(List<Callable<List<Answer>>> clients) throws Exception {
        List<List<Answer>> answers = new ArrayList<>();
        for (Future<List<Answer>> client : threads.invokeAll(clients)) {
            answers.add(client.get());
        }
        return answers;
    }

    private void assertNeverMore(List<List<Answer>> clients) {
        assertThat(oracle.beyond(clients.stream().flatMap(List::stream).toList()))
                .as("tokens beyond C + L·t/P")
                .isNotPositive();
    }

    private void assertHardlyLess(List<List<Answer>> clients, int killed) {
        assertThat(clients.get(0)).as("what the first client was told").anyMatch(Answer::denied);
        assertThat(oracle.missing(clients, killed)).as("tokens that nobody got").isNotPositive();
    }

    @ParameterizedTest
    @MethodSource("rounds")
    void tryAcquire_saturated_admitsHardlyLessThanTheTierAllows(int round) throws Exception {
        List<List<Answer>> answers = run(IntStream.range(0, 3)
                .mapToObj(node -> client(node, this::untilDenied, () -> {}))
                .toList());

        assertNeverMore(answers);
        assertHardlyLess(answers, 0);
    }

    @ParameterizedTest
    @MethodSource("rounds")
    void tryAcquire_nodeIsKilledWithALease_losesThatAtMost(int round) throws Exception {
        List<List<Answer>> answers = run(List.of(
                client(0, this::untilDenied, () -> {}),
                client(1, this::untilDenied, () -> pause(Duration.ofNanos(1_000))),
                killed(2)));

        assertNeverMore(answers);
        assertHardlyLess(answers, 1);
    }

    /** Connections break, so that questions and answers are lost. */
    private Callable<List<Answer>> brokenNetworks(Random random) {
        return () -> {
            while (now() < LOAD) {
                FaultProxy network = networks.get(random.nextInt(3));
                network.delay(Duration.ofMillis(random.nextInt(20)));
                pause(Duration.ofMillis(random.nextInt(100)));
                network.cut();
                network.restore();
            }
            return List.of();
        };
    }

    @ParameterizedTest
    @MethodSource("rounds")
    void tryAcquire_burstsPausesAndBrokenConnections_neverAdmitsMoreThanTheTierAllows(int round) throws Exception {
        List<Callable<List<Answer>>> clients = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Random random = new Random(6L * round + i);
            clients.add(client(i % 3, answers -> now() < LOAD, () -> {
                if (random.nextInt(400) == 0) {
                    pause(Duration.ofMillis(random.nextInt(200)));
                }
            }));
        }
        clients.add(brokenNetworks(new Random(round)));

        assertNeverMore(run(clients));
    }
}
