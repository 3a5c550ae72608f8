package dev.millpond.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.ratelimit.RateLimitDecision.Outcome;
import dev.millpond.runtime.RedisConnection;
import dev.millpond.testkit.RedisExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Three nodes with leases under load, by the clocks as they are: they admit what the tier allows, no more and hardly
 * less.
 */
class LeaseOracleIT {

    private static final Duration LONG_ENOUGH = Duration.ofSeconds(10);
    private static final long TEST_NANOS = Duration.ofSeconds(4).toNanos();
    private static final long PER_SECOND = 500;
    private static final Tier TIER = Tier.of(
                    "large", RateLimit.perMinute(60 * PER_SECOND).withBurst(3_000))
            .withLease();

    @RegisterExtension
    static final RedisExtension REDIS = RedisExtension.create();

    private final List<RedisConnection> connections = new ArrayList<>();
    private final List<RateLimiter> nodes = new ArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger degraded = new AtomicInteger();

    @BeforeEach
    void begin() {
        REDIS.server().flush();
        for (int i = 0; i < 3; i++) {
            RedisConnection connection =
                    RedisConnection.ofYaml("{singleServerConfig: {address: '" + REDIS.url() + "', timeout: 10000}}");
            assertThat(connection.awaitAvailable(LONG_ENOUGH)).isTrue();
            connections.add(connection);
            nodes.add(RateLimiter.builder()
                    .redis(connection)
                    .secret("0123456789abcdef")
                    .tierOf(key -> Optional.of(TIER))
                    .whenRedisIsDown(FailurePolicy.DENY)
                    .decisionTimeout(LONG_ENOUGH)
                    .build());
        }
    }

    @AfterEach
    void end() {
        threads.shutdown();
        nodes.forEach(RateLimiter::close);
        connections.forEach(RedisConnection::close);
    }

    /** A request that was admitted at some moment between two. */
    private record Admitted(long after, long before) {}

    /** Asks until the time is over or the node is dead, for which it pauses in the manner of the client. */
    private Callable<List<Admitted>> client(int node, long begunAt, long nanos, Pause pause) {
        return () -> {
            List<Admitted> admitted = new ArrayList<>();
            while (System.nanoTime() - begunAt < nanos) {
                long after = System.nanoTime();
                RateLimitDecision decision = nodes.get(node).tryAcquire("key");
                if (decision.allowed()) {
                    admitted.add(new Admitted(after - begunAt, System.nanoTime() - begunAt));
                } else if (decision.outcome() == Outcome.DENIED_DEGRADED) {
                    degraded.incrementAndGet();
                }
                pause.await();
            }
            return admitted;
        };
    }

    @FunctionalInterface
    private interface Pause {
        void await();
    }

    private static void pauseNanos(long nanos) {
        LockSupport.parkNanos(nanos);
    }

    private List<Admitted> run(List<Callable<List<Admitted>>> clients) throws Exception {
        List<Admitted> admitted = new ArrayList<>();
        for (Future<List<Admitted>> client : threads.invokeAll(clients)) {
            admitted.addAll(client.get());
        }
        return admitted;
    }

    /**
     * In any time, no more is admitted than the bucket holds and what comes meanwhile.
     *
     * <p>When exactly a request was admitted is known but for as long as it took.
     */
    private static void assertBounded(List<Admitted> admitted) {
        List<Long> times =
                new ArrayList<>(admitted.stream().map(Admitted::before).toList());
        Collections.sort(times);
        long blur =
                admitted.stream().mapToLong(one -> one.before - one.after).max().orElse(0);
        double lowest = Double.POSITIVE_INFINITY;
        double most = 0;
        for (int i = 0; i < times.size(); i++) {
            double beyond = i - PER_SECOND * times.get(i) / 1e9;
            lowest = Math.min(lowest, beyond);
            most = Math.max(most, beyond + 1 - lowest);
        }
        double slack = 1 + PER_SECOND * blur / 1e9; // and a millisecond, by which the bucket counts
        assertThat(most).isLessThanOrEqualTo(TIER.capacity() + slack);
    }

    private static double mostIn(long nanos) {
        return TIER.capacity() + PER_SECOND * nanos / 1e9;
    }

    @Test
    void tryAcquire_saturated_admitsAtLeastNinetyNineOfAHundred() throws Exception {
        long begunAt = System.nanoTime();

        List<Admitted> admitted = run(List.of(
                client(0, begunAt, TEST_NANOS, () -> {}),
                client(1, begunAt, TEST_NANOS, () -> {}),
                client(2, begunAt, TEST_NANOS, () -> {})));

        assertBounded(admitted);
        assertThat((double) admitted.size())
                .as("while %s decisions were made without Redis", degraded)
                .isGreaterThanOrEqualTo(0.99 * mostIn(TEST_NANOS));
    }

    @Test
    void tryAcquire_nodeIsKilledWithALease_losesThatAtMost() throws Exception {
        long begunAt = System.nanoTime();
        long death = TEST_NANOS / 40; // while the bucket is far from empty

        List<Admitted> admitted = run(List.of(
                client(0, begunAt, TEST_NANOS, () -> {}),
                client(1, begunAt, TEST_NANOS, () -> pauseNanos(1_000)),
                killed(2, begunAt, death)));

        assertBounded(admitted);
        assertThat((double) admitted.size())
                .as("while %s decisions were made without Redis", degraded)
                .isGreaterThanOrEqualTo(0.99 * mostIn(TEST_NANOS) - TIER.lease());
    }

    private Callable<List<Admitted>> killed(int node, long begunAt, long nanos) {
        return () -> {
            List<Admitted> admitted = client(node, begunAt, nanos, () -> {}).call();
            connections.get(node).close(); // nothing that it holds comes back
            return admitted;
        };
    }

    @Test
    void tryAcquire_burstsAndPauses_neverAdmitsMoreThanTheTierAllows() throws Exception {
        long begunAt = System.nanoTime();
        List<Callable<List<Admitted>>> clients = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Random random = new Random(i);
            clients.add(client(i % 3, begunAt, TEST_NANOS, () -> {
                if (random.nextInt(400) == 0) {
                    pauseNanos(random.nextLong(200_000_000));
                }
            }));
        }

        assertBounded(run(clients));
    }
}
