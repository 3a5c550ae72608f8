package dev.millpond.runtime.internal.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millpond.runtime.JobState.Skip;
import dev.millpond.runtime.PatientRedis;
import dev.millpond.runtime.RedisConnection;
import dev.millpond.runtime.internal.RecordedLog;
import dev.millpond.runtime.spi.RedisGuard;
import dev.millpond.runtime.spi.RedisUnavailableException;
import dev.millpond.testkit.RedisExtension;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.redisson.api.RedissonClient;

/** Leases of a real Redis. */
class RedisLeasesIT {

    private static final long TEN = 1_795_780_800_000L;
    private static final long MINUTE = 60_000;
    private static final String KEY = "shop:jobs:{job}";

    @RegisterExtension
    static final RedisExtension REDIS = RedisExtension.create();

    private final RedisConnection connection = PatientRedis.connect(REDIS.url());
    private final RedisLeases one = leases(new Tokens(InstantSource.system()));
    private final RedisLeases two = leases(new Tokens(InstantSource.system()));
    private final RedisLeases three = leases(new Tokens(InstantSource.system()));

    @AfterEach
    void disconnect() {
        connection.close();
        REDIS.server().flush();
    }

    private RedisLeases leases(Tokens tokens) {
        return new RedisLeases(connection.guard(), "shop", tokens);
    }

    private static Due due(long time) {
        return new Due("job", time, MINUTE, "");
    }

    private static Lease granted(Claim claim) {
        assertThat(claim).isInstanceOf(Claim.Granted.class);
        return ((Claim.Granted) claim).lease();
    }

    private static Claim.Held held(Claim claim) {
        assertThat(claim).isInstanceOf(Claim.Held.class);
        return (Claim.Held) claim;
    }

    private static void assertTooLate(Claim claim) {
        assertThat(claim).isEqualTo(new Claim.Refused(Skip.RUN_ALREADY));
    }

    private static List<Lease> leasesOf(List<CompletableFuture<Claim>> answers) {
        return answers.stream()
                .map(CompletableFuture::join)
                .flatMap(claim -> claim instanceof Claim.Granted granted ? Stream.of(granted.lease()) : Stream.empty())
                .toList();
    }

    @Test
    void claim_threeNodesAtTheSameTime_oneOfThemGetsEachTimeWithAHigherToken() {
        List<Long> tokens = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            Due due = due(TEN + i * MINUTE);
            List<Lease> leases = leasesOf(Stream.of(one, two, three)
                    .map(node -> CompletableFuture.supplyAsync(() -> node.claim(due)))
                    .toList());

            assertThat(leases).hasSize(1);
            tokens.add(leases.get(0).token());
            one.release(leases.get(0));
        }
        assertThat(tokens).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void claim_timeThatWasRun_isTooLateAlsoIfItWasGivenBack() {
        one.release(granted(one.claim(due(TEN))));

        assertTooLate(two.claim(due(TEN)));
        assertTooLate(two.claim(due(TEN - 5_000)));
        assertTooLate(two.claim(due(TEN - 2 * MINUTE)));
        two.release(granted(two.claim(due(TEN - 2 * MINUTE - 1)))); // a clock was wrong by far
        two.release(granted(two.claim(due(TEN))));
        one.release(granted(one.claim(Due.request("job", MINUTE))));
        assertTooLate(one.claim(due(TEN)));
    }

    @Test
    void claim_heldByAnother_isGrantedWhenThatHasEndedByItself() {
        Due quick = new Due("job", TEN, 3_000, "");
        Lease dead = granted(one.claim(quick));
        Due next = new Due("job", TEN + 3_000, 3_000, "");

        Claim.Held held = held(two.claim(next));
        assertThat(held.holder()).isEqualTo(dead.holder());
        assertThat(held.left()).isBetween(Duration.ofMillis(1), Duration.ofSeconds(3));
        await().pollInterval(Duration.ofMillis(20))
                .atMost(Duration.ofSeconds(10))
                .until(() -> !(two.claim(next.after("nobody")) instanceof Claim.Held));
        assertTooLate(two.claim(next.after("nobody")));

        Lease taken = granted(two.claim(next.after(dead.holder())));
        assertThat(taken.token()).isGreaterThan(dead.token());
        assertTooLate(three.claim(next.after(dead.holder())));
        assertThat(one.renew(dead).toCompletableFuture().join()).isFalse();
        one.release(dead);
        assertThat(two.renew(taken).toCompletableFuture().join()).isTrue();
    }

    @Test
    void claim_heldAndGivenBackMeanwhile_isTooLateForThatTime() {
        Lease slow = granted(one.claim(due(TEN)));
        Claim.Held held = held(two.claim(due(TEN + MINUTE)));
        one.release(slow);

        assertTooLate(two.claim(due(TEN + MINUTE).after(held.holder())));
        assertThat(granted(two.claim(due(TEN + 2 * MINUTE))).token()).isGreaterThan(slow.token());
    }

    @Test
    void renew_redisLostEverything_storesItAgain() {
        Lease lease = granted(one.claim(due(TEN)));
        REDIS.server().flush();

        assertThat(one.renew(lease).toCompletableFuture().join()).isTrue();

        assertThat(held(two.claim(due(TEN + MINUTE))).holder()).isEqualTo(lease.holder());
        one.release(lease);
        assertTooLate(two.claim(due(TEN)));
        assertThat(granted(two.claim(due(TEN + MINUTE))).token()).isGreaterThan(lease.token());
    }

    @Test
    void claim_redisLostEverything_hasAHigherToken() {
        Lease lease = granted(one.claim(due(TEN)));
        REDIS.server().flush();

        assertThat(granted(two.claim(due(TEN))).token()).isGreaterThan(lease.token());
    }

    /** A run at the start has a number by the clock of the process, which may be ahead of that of Redis. */
    @Test
    void claim_afterARunWithoutRedis_hasAHigherToken() {
        Tokens tokens = new Tokens(Clock.offset(Clock.systemUTC(), Duration.ofHours(1)));
        long atStart = tokens.next();

        Lease lease = granted(leases(tokens).claim(due(TEN)));

        assertThat(lease.token()).isGreaterThan(atStart);
        assertThat(tokens.next()).isGreaterThan(lease.token());
    }

    @Test
    void claim_anyJob_isForgottenAfterAWhile() {
        Lease lease = granted(one.claim(due(TEN)));

        assertThat(REDIS.server().command("HGET", KEY, "token")).isEqualTo(Long.toString(lease.token()));
        assertThat((Long) REDIS.server().command("PTTL", KEY))
                .isBetween(Duration.ofHours(24).toMillis(), Duration.ofHours(25).toMillis());
    }

    @Test
    void claim_otherTypeUnderTheKey_isRefusedAndLoggedOnce() {
        REDIS.server().command("SET", KEY, "mine");

        try (RecordedLog log = RecordedLog.ofEverybody()) {
            assertThat(one.claim(due(TEN))).isEqualTo(new Claim.Refused(Skip.REDIS_AWAY));
            assertThat(one.claim(due(TEN))).isEqualTo(new Claim.Refused(Skip.REDIS_AWAY));

            assertThat(log.lines())
                    .filteredOn(line -> line.startsWith("WARN Job"))
                    .singleElement()
                    .asString()
                    .startsWith("WARN Job 'job' cannot run: its lease under 'shop:jobs:{job}' cannot be asked for. ")
                    .contains("WRONGTYPE");
        }
    }

    @Test
    void claim_sameTimeBySameNode_isGivenTheSameLease() {
        Lease lease = granted(one.claim(due(TEN)));

        assertThat(granted(one.claim(due(TEN)))).isEqualTo(lease);

        assertThat(held(one.claim(due(TEN + MINUTE))).holder()).isEqualTo(lease.holder());
        one.release(lease);
        assertTooLate(one.claim(due(TEN)));
    }

    @Test
    void claim_answerIsLost_isAskedForOnceMore() {
        AtomicInteger calls = new AtomicInteger();
        RedisLeases unlucky =
                new RedisLeases(new LosingGuard(connection.guard(), calls), "shop", new Tokens(InstantSource.system()));

        Lease lease = granted(unlucky.claim(due(TEN)));

        assertThat(calls).hasValue(2);
        assertThat(held(two.claim(due(TEN + MINUTE))).holder()).isEqualTo(lease.holder());
        assertThat(REDIS.server().command("HGET", KEY, "token")).isEqualTo(Long.toString(lease.token()));
    }

    @Test
    void renew_replicaTookOverThatIsBehind_storesItAgain() {
        Lease earlier = granted(one.claim(due(TEN)));
        one.release(earlier);
        Lease lease = granted(one.claim(due(TEN + MINUTE)));
        REDIS.server().command("HDEL", KEY, "holder", "until");
        REDIS.server().command("HSET", KEY, "token", Long.toString(earlier.token()), "due", Long.toString(TEN));

        assertThat(one.renew(lease).toCompletableFuture().join()).isTrue();

        assertTooLate(two.claim(due(TEN + MINUTE)));
        assertThat(held(two.claim(due(TEN + 2 * MINUTE))).holder()).isEqualTo(lease.holder());
        one.release(lease);
        assertThat(one.renew(lease).toCompletableFuture().join()).isFalse();
    }

    /** Loses the first answer. */
    private record LosingGuard(RedisGuard guard, AtomicInteger calls) implements RedisGuard {

        @Override
        public boolean available() {
            return guard.available();
        }

        @Override
        public <T extends @Nullable Object> T call(
                Duration budget, Function<RedissonClient, CompletionStage<T>> command) {
            T answer = guard.call(budget, command);
            if (calls.incrementAndGet() == 1) {
                throw new RedisUnavailableException("lost", new TimeoutException());
            }
            return answer;
        }

        @Override
        public <T extends @Nullable Object> CompletionStage<T> callAsync(
                Duration budget, Function<RedissonClient, CompletionStage<T>> command) {
            return guard.callAsync(budget, command);
        }

        @Override
        public Registration onAvailable(Runnable action) {
            return guard.onAvailable(action);
        }
    }
}
