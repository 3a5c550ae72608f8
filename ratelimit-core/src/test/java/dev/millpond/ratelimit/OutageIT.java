package dev.millpond.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.millpond.ratelimit.RateLimitDecision.Outcome;
import dev.millpond.runtime.RedisConnection;
import dev.millpond.testkit.FaultProxy;
import dev.millpond.testkit.RedisExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A limiter under load whose Redis fails in each of the ways in which a network or a server does. */
class OutageIT {

    private static final Duration LONG_ENOUGH = Duration.ofSeconds(10);
    private static final Duration BUDGET = Duration.ofMillis(50);

    /** What a standstill of this process took is given back to a decision, up to ten budgets in all. */
    private static final Duration LONGER_THAN_A_BUDGET_GETS = BUDGET.multipliedBy(40);

    /** On a machine whose processors are all busy a thread goes on that much later. */
    private static final Duration SCHEDULING = Duration.ofSeconds(5);

    private static final int CALLERS = 8;
    private static final int CALLS_EACH = 40;
    private static final int NODES = 4;
    private static final Client CLIENT = Client.of("one-key", "192.0.2.1");

    /** 1000 tokens, of which none comes back while a test runs; a quarter of them is one node's share. */
    private static final Tier TIER = Tier.of("slow", RateLimit.of(1_000, Duration.ofDays(1_000)));

    private static final Tier SMALL = Tier.of("small", RateLimit.of(100, Duration.ofDays(1_000)));

    @RegisterExtension
    static final RedisExtension REDIS = RedisExtension.create();

    private final Queue<Duration> latencies = new ConcurrentLinkedQueue<>();
    private FaultProxy proxy;
    private RedisConnection connection;

    enum Fault {
        KILLED,
        PAUSED,
        BLACKHOLED,
        HALF_OPEN,
        SLOW
    }

    private void begin(Fault fault) {
        switch (fault) {
            case KILLED -> proxy.refuse();
            case PAUSED -> pause();
            case BLACKHOLED -> proxy.blackhole();
            case HALF_OPEN -> proxy.halfOpen();
            case SLOW -> proxy.delay(LONGER_THAN_A_BUDGET_GETS);
        }
    }

    private static void pause() {
        assumeThat(REDIS.server().controllable()).isTrue();
        REDIS.server().pause();
    }

    private static void resume() {
        if (REDIS.server().controllable()) {
            REDIS.server().resume();
        }
    }

    @BeforeEach
    void connect() {
        REDIS.server().flush();
        proxy = FaultProxy.to(REDIS.server());
        connection = RedisConnection.to(proxy.url());
        assertThat(connection.awaitAvailable(LONG_ENOUGH)).isTrue();
    }

    @AfterEach
    void disconnect() {
        resume();
        connection.close();
        proxy.close();
    }

    private RateLimiter limiter(Tier tier, FailurePolicy policy) {
        RateLimiter limiter = RateLimiter.builder()
                .redis(connection)
                .secret("a-long-random-secret")
                .tierOf(key -> Optional.of(tier))
                .whenRedisIsDown(policy)
                .expectedNodes(NODES)
                .listener((decision, latency) -> latencies.add(latency))
                .build();
        await().atMost(LONG_ENOUGH).until(() -> answered(limiter));
        latencies.clear();
        return limiter;
    }

    private static boolean answered(RateLimiter limiter) {
        return limiter.tryAcquire(CLIENT, 0).outcome() == Outcome.ALLOWED;
    }

    private static List<Outcome> load(RateLimiter limiter) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(CALLERS);
        try {
            Callable<List<Outcome>> caller = () -> IntStream.range(0, CALLS_EACH)
                    .mapToObj(i -> limiter.tryAcquire(CLIENT, 1).outcome())
                    .toList();
            List<Outcome> outcomes = new ArrayList<>();
            for (Future<List<Outcome>> each : threads.invokeAll(
                    IntStream.range(0, CALLERS).mapToObj(i -> caller).toList())) {
                outcomes.addAll(each.get());
            }
            return outcomes;
        } finally {
            threads.shutdown();
        }
    }

    /** Tells whether the time without Redis is still the same after one more request. */
    private static boolean stands(Duration degraded, RateLimiter limiter) {
        return answered(limiter) && limiter.stats().degradedTime().equals(degraded);
    }

    private void repair() {
        resume();
        proxy.restore();
    }

    /** Nothing is asserted more closely than a busy machine allows; what matters is that nobody waits for Redis. */
    private void assertNobodyWaitedForRedis() {
        assertThat(latencies).isNotEmpty().allMatch(latency -> latency.compareTo(BUDGET.plus(SCHEDULING)) < 0);
    }

    @ParameterizedTest
    @EnumSource
    void tryAcquire_faultUnderLoadAndAllow_admitsAllWithinTheBudgetAndComesBack(Fault fault) throws Exception {
        RateLimiter limiter = limiter(TIER, FailurePolicy.ALLOW);
        begin(fault);

        Duration before = limiter.stats().degradedTime();
        assertThat(load(limiter)).hasSize(CALLERS * CALLS_EACH).containsOnly(Outcome.ALLOWED_DEGRADED);

        assertNobodyWaitedForRedis();
        assertThat(limiter.stats().degradedTime()).isGreaterThan(before);
        repair();
        await().atMost(LONG_ENOUGH).until(() -> answered(limiter));
        await().atMost(LONG_ENOUGH).until(() -> stands(limiter.stats().degradedTime(), limiter));
    }

    @ParameterizedTest
    @EnumSource
    void tryAcquire_faultUnderLoadAndDeny_admitsNobodyAndComesBack(Fault fault) throws Exception {
        RateLimiter limiter = limiter(TIER, FailurePolicy.DENY);
        begin(fault);

        assertThat(load(limiter)).hasSize(CALLERS * CALLS_EACH).containsOnly(Outcome.DENIED_DEGRADED);

        assertNobodyWaitedForRedis();
        repair();
        await().atMost(LONG_ENOUGH).until(() -> answered(limiter));
    }

    @ParameterizedTest
    @EnumSource
    void tryAcquire_faultUnderLoadAndLimitLocally_admitsTheShareOfThisNode(Fault fault) throws Exception {
        RateLimiter limiter = limiter(SMALL, FailurePolicy.LIMIT_LOCALLY);
        begin(fault);

        List<Outcome> outcomes = load(limiter);

        assertThat(outcomes).containsOnly(Outcome.ALLOWED_DEGRADED, Outcome.DENIED_DEGRADED);
        assertThat(outcomes.stream().filter(Outcome::allowed)).hasSize((int) SMALL.capacity() / NODES);
        assertNobodyWaitedForRedis();
        repair();
        await().atMost(LONG_ENOUGH).until(() -> answered(limiter));
    }

    /** A request whose answer is lost may have been charged; one that was sent again would have been charged twice. */
    @ParameterizedTest
    @EnumSource
    void tryAcquire_answersLost_chargesNoRequestTwice(Fault fault) {
        RateLimiter limiter = limiter(TIER, FailurePolicy.ALLOW);
        begin(fault);
        for (int i = 0; i < 3; i++) {
            assertThat(limiter.tryAcquire(CLIENT, 7).outcome()).isEqualTo(Outcome.ALLOWED_DEGRADED);
        }

        repair();

        await().atMost(LONG_ENOUGH).until(() -> answered(limiter));
        RateLimitDecision left = await().atMost(LONG_ENOUGH)
                .until(() -> limiter.peek(CLIENT), decision -> decision.outcome() == Outcome.ALLOWED);
        assertThat(TIER.capacity() - left.remaining()).isIn(0L, 7L, 14L, 21L);
    }
}
