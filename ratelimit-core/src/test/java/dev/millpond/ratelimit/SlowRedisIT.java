package dev.millpond.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millpond.ratelimit.RateLimitDecision.Outcome;
import dev.millpond.runtime.RedisConnection;
import dev.millpond.testkit.FaultProxy;
import dev.millpond.testkit.RedisExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Limiters with the decision timeout that they have by default. */
class SlowRedisIT {

    private static final Duration LONG_ENOUGH = Duration.ofSeconds(10);
    private static final Client CLIENT = Client.of("one-key", "192.0.2.1");

    @RegisterExtension
    static final RedisExtension REDIS = RedisExtension.create();

    private FaultProxy proxy;
    private RedisConnection one;
    private RedisConnection two;

    @BeforeEach
    void connect() {
        REDIS.server().flush();
        proxy = FaultProxy.to(REDIS.server());
        one = RedisConnection.to(proxy.url());
        two = RedisConnection.to(REDIS.url());
        assertThat(one.awaitAvailable(LONG_ENOUGH)).isTrue();
        assertThat(two.awaitAvailable(LONG_ENOUGH)).isTrue();
    }

    @AfterEach
    void disconnect() {
        one.close();
        two.close();
        proxy.close();
    }

    private static RateLimiter limiter(RedisConnection redis, Tier tier, FailurePolicy policy) {
        return limiter(RedisEngine.SCRIPT, redis, tier, policy);
    }

    private static RateLimiter limiter(RedisEngine engine, RedisConnection redis, Tier tier, FailurePolicy policy) {
        RateLimiter limiter = RateLimiter.builder()
                .engine(engine)
                .redis(redis)
                .secret("a-long-random-secret")
                .tierOf(key -> Optional.of(tier))
                .whenRedisIsDown(policy)
                .build();
        Client other = Client.of("another-key", "192.0.2.2");
        await().atMost(LONG_ENOUGH)
                .until(() -> limiter.tryAcquire(other, 0).outcome(), outcome -> outcome == Outcome.ALLOWED);
        return limiter;
    }

    @ParameterizedTest
    @CsvSource({
        "SCRIPT, 2000, ALLOW, ALLOWED_DEGRADED",
        "SCRIPT, 2000, LIMIT_LOCALLY, ALLOWED_DEGRADED",
        "SCRIPT, 2000, DENY, DENIED_DEGRADED",
        "CAS, 40, ALLOW, ALLOWED_DEGRADED",
        "CAS, 40, LIMIT_LOCALLY, ALLOWED_DEGRADED",
        "CAS, 40, DENY, DENIED_DEGRADED"
    })
    void tryAcquire_redisTooSlowForItsRoundTrips_followsThePolicy(
            RedisEngine engine, int millisPerTrip, FailurePolicy policy, Outcome expected) {
        RateLimiter limiter = limiter(engine, one, Tier.ENTERPRISE, policy);
        proxy.delay(Duration.ofMillis(millisPerTrip));

        assertThat(IntStream.range(0, 12)
                        .mapToObj(i -> limiter.tryAcquire(CLIENT, 1).outcome()))
                .containsOnly(expected);
    }

    @ParameterizedTest
    @CsvSource({"SCRIPT, 2000", "CAS, 40"})
    void tryAcquire_redisTooSlowAndLimitLocally_sharesTheLimit(RedisEngine engine, int millisPerTrip) {
        RateLimiter limiter = limiter(engine, one, Tier.FREE, FailurePolicy.LIMIT_LOCALLY);
        proxy.delay(Duration.ofMillis(millisPerTrip));

        List<Outcome> outcomes = IntStream.range(0, 13)
                .mapToObj(i -> limiter.tryAcquire(CLIENT, 1).outcome())
                .toList();

        assertThat(outcomes.subList(0, 12)).containsOnly(Outcome.ALLOWED_DEGRADED);
        assertThat(outcomes.get(12)).isEqualTo(Outcome.DENIED_DEGRADED);
    }

    /** Each limit alone would be quick enough, but not one after the other. */
    @Test
    void tryAcquire_limitsInTurnTakeTooLong_followsThePolicyAndLeavesNoPlaceTaken() {
        RateLimiter limiter = limiter(RedisEngine.CAS, one, Tier.ENTERPRISE, FailurePolicy.ALLOW);
        Tier oneAtATime = Tier.ENTERPRISE.withInFlight(1);
        RateLimitRequest request = RateLimitRequest.of(CLIENT)
                .within(oneAtATime, "a")
                .within(Tier.PRO, "b")
                .within(Tier.PRO, "c")
                .within(Tier.PRO, "d")
                .within(Tier.PRO, "e")
                .within(Tier.PRO, "f");
        RateLimitRequest inFlight = RateLimitRequest.of(oneAtATime, "a");
        proxy.delay(Duration.ofMillis(12));

        assertThat(limiter.tryAcquire(request).outcome()).isEqualTo(Outcome.ALLOWED_DEGRADED);

        proxy.delay(Duration.ZERO);
        await().atMost(LONG_ENOUGH)
                .until(() -> limiter.tryAcquire(inFlight).outcome(), outcome -> outcome == Outcome.ALLOWED);
        assertThat(await().atMost(LONG_ENOUGH)
                        .until(
                                () -> limiter.tryAcquire(inFlight).outcome(),
                                outcome -> outcome != Outcome.ALLOWED_DEGRADED))
                .isEqualTo(Outcome.DENIED_IN_FLIGHT);
    }

    @Test
    void tryAcquire_manyOnTwoNodesFarFromTheLimit_deniesNobody() throws Exception {
        List<RateLimiter> nodes = List.of(
                limiter(one, Tier.ENTERPRISE, FailurePolicy.LIMIT_LOCALLY),
                limiter(two, Tier.ENTERPRISE, FailurePolicy.LIMIT_LOCALLY));

        assertThat(atOnce(nodes, 100)).hasSize(1_600).allMatch(Outcome::allowed);
    }

    @Test
    void tryAcquire_manyOnTwoNodesAtTheLimit_admitsNoMoreThanTheCapacity() throws Exception {
        List<RateLimiter> nodes =
                List.of(limiter(one, Tier.FREE, FailurePolicy.DENY), limiter(two, Tier.FREE, FailurePolicy.DENY));

        List<Outcome> outcomes = atOnce(nodes, 10);

        int undecided = Collections.frequency(outcomes, Outcome.DENIED_DEGRADED);
        assertThat(outcomes.stream().filter(Outcome::allowed).count()).isBetween(12L - undecided, 12L);
    }

    private static List<Outcome> atOnce(List<RateLimiter> nodes, int callsEach) throws Exception {
        List<Callable<List<Outcome>>> callers = new ArrayList<>();
        for (RateLimiter node :
                Collections.nCopies(8, nodes).stream().flatMap(List::stream).toList()) {
            callers.add(() -> IntStream.range(0, callsEach)
                    .mapToObj(i -> node.tryAcquire(CLIENT, 1).outcome())
                    .toList());
        }
        ExecutorService threads = Executors.newFixedThreadPool(callers.size());
        try {
            List<Outcome> outcomes = new ArrayList<>();
            for (Future<List<Outcome>> caller : threads.invokeAll(callers)) {
                outcomes.addAll(caller.get());
            }
            return outcomes;
        } finally {
            threads.shutdown();
        }
    }
}
