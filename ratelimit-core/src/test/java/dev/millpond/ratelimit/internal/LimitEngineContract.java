package dev.millpond.ratelimit.internal;

import static dev.millpond.ratelimit.RateLimitDecision.Outcome.ALLOWED;
import static dev.millpond.ratelimit.RateLimitDecision.Outcome.ALLOWED_BURST;
import static dev.millpond.ratelimit.RateLimitDecision.Outcome.DENIED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.ratelimit.Client;
import dev.millpond.ratelimit.FailurePolicy;
import dev.millpond.ratelimit.InFlightLimit;
import dev.millpond.ratelimit.Permit;
import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.RateLimitDecision;
import dev.millpond.ratelimit.RateLimitDecision.Outcome;
import dev.millpond.ratelimit.RateLimitRequest;
import dev.millpond.ratelimit.RateLimiter;
import dev.millpond.ratelimit.Tier;
import dev.millpond.ratelimit.spi.LimitEngine.BucketState;
import dev.millpond.ratelimit.spi.LimitEngine.Level;
import dev.millpond.ratelimit.spi.LimitEngine.Take;
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
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every engine must do, to the token; each engine has a subclass. */
public abstract class LimitEngineContract extends ShapesContract {

    private static final RateLimit FREE = Tier.FREE.limit();
    private static final RateLimit PER_SECOND = RateLimit.perSecond(5);
    private static final Client CLIENT = Client.ofKey("client");

    /**
     * One row of the worked example.
     *
     * @param at seconds since the first request
     * @param nextToken seconds to the next token; 0 if the bucket is full
     * @param retryAfter seconds until the request would be admitted; null if it was
     */
    private record Row(
            long at,
            Outcome outcome,
            long remaining,
            long nextToken,
            @Nullable Long retryAfter) {

        RateLimitDecision decision() {
            return new RateLimitDecision(
                    outcome,
                    Tier.FREE,
                    remaining,
                    Optional.of(Duration.ofSeconds(nextToken)).filter(next -> !next.isZero()),
                    Optional.ofNullable(retryAfter).map(Duration::ofSeconds));
        }
    }

    private static Stream<Row> workedExample() {
        return Stream.of(
                        admitted(0, 11, 0), // #1 to #12
                        denied(0, 6, 6), // #13
                        denied(3, 3, 3), // #14, with half a token
                        admitted(6, 0, 0), // #15
                        denied(7, 5, 5), // #16, with a sixth of a token
                        admitted(12, 0, 0), // #17
                        admitted(30, 2, 0), // #18 to #20
                        denied(30, 6, 6), // #21
                        admitted(60, 4, 0), // #22 to #26
                        denied(60, 6, 6), // #27
                        admitted(66, 0, 0), // #28
                        admitted(200, 11, 0), // #29 to #40
                        denied(200, 6, 6)) // #41
                .flatMap(rows -> rows);
    }

    /** Returns one admitted request after the other, leaving so many tokens down to so many. */
    private static Stream<Row> admitted(long at, int from, int to) {
        return IntStream.iterate(from, left -> left >= to, left -> left - 1)
                .mapToObj(left -> new Row(at, left < FREE.burst() ? ALLOWED_BURST : ALLOWED, left, 6, null));
    }

    private static Stream<Row> denied(long at, long nextToken, long retryAfter) {
        return Stream.of(new Row(at, DENIED, 0, nextToken, retryAfter));
    }

    @Test
    void tryAcquire_workedExampleOfFree_matchesEveryRow() {
        RateLimiter limiter = limiter(Tier.FREE);
        List<Row> rows = workedExample().toList();
        long now = 0;
        assertThat(rows).hasSize(41);

        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            advance(Duration.ofSeconds(row.at - now));
            now = row.at;
            assertThat(limiter.tryAcquire(CLIENT, 1))
                    .as("request %d: %s", i + 1, row)
                    .isEqualTo(row.decision());
        }
    }

    @Test
    void tryAcquire_costAboveTheTokensLeft_isToldWhenAllAreThere() {
        RateLimiter limiter = limiter(Tier.FREE);
        limiter.tryAcquire(CLIENT, 9);

        RateLimitDecision decision = limiter.tryAcquire(CLIENT, 5);

        assertThat(decision).isEqualTo(new Row(0, DENIED, 3, 6, 12L).decision());
        assertThat(limiter.tryAcquire(CLIENT, 3).remaining()).isZero();
    }

    @Test
    void peek_fullBucket_hasNoNextToken() {
        assertThat(limiter(Tier.FREE).peek(CLIENT)).isEqualTo(new Row(0, ALLOWED, 12, 0, null).decision());
    }

    @Test
    void peek_usedBucket_tellsWithoutTaking() {
        RateLimiter limiter = limiter(Tier.FREE);
        limiter.tryAcquire(CLIENT, 10);

        assertThat(limiter.peek(CLIENT)).isEqualTo(new Row(0, ALLOWED_BURST, 2, 6, null).decision());
        assertThat(limiter.peek(CLIENT).remaining()).isEqualTo(2);
    }

    @Test
    void peek_emptyBucket_isToldWhenToCome() {
        RateLimiter limiter = limiter(Tier.FREE);
        limiter.tryAcquire(CLIENT, 12);
        advance(Duration.ofSeconds(1));

        assertThat(limiter.peek(CLIENT)).isEqualTo(new Row(1, DENIED, 0, 5, 5L).decision());
    }

    @Test
    void tryAcquire_costZero_isAdmittedByAnEmptyBucketToo() {
        RateLimiter limiter = limiter(Tier.FREE);
        limiter.tryAcquire(CLIENT, 12);

        assertThat(limiter.tryAcquire(CLIENT, 0)).isEqualTo(new Row(0, ALLOWED_BURST, 0, 6, null).decision());
    }

    @Test
    void tryAcquire_costAboveTheCapacity_isDeniedForGood() {
        RateLimiter limiter = limiter(Tier.FREE);

        assertThat(limiter.tryAcquire(CLIENT, 13)).isEqualTo(new Row(0, DENIED, 12, 0, null).decision());
        assertThat(limiter.peek(CLIENT).remaining()).isEqualTo(12);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 3, 7, 11, 997, 1_000})
    void take_retriedWhenTold_isAdmittedAndNotBefore(long perMinute) {
        RateLimit limit = RateLimit.perMinute(perMinute);
        take("bucket", limit, perMinute);
        Duration wait = Duration.ofNanos(take("bucket", limit, 1).nanosToAdmit());

        advance(wait.minus(precision()));
        assertThat(take("bucket", limit, 1).admitted()).isFalse();
        advance(precision());
        assertThat(take("bucket", limit, 1).admitted()).isTrue();
    }

    @Test
    void take_pacedAtTheRate_isNeverDenied() {
        RateLimit limit = new RateLimit(7, Duration.ofSeconds(7), 0);
        take("bucket", limit, 7);

        for (int i = 0; i < 50; i++) {
            advance(Duration.ofSeconds(1));
            assertThat(take("bucket", limit, 1).admitted()).isTrue();
        }
        assertThat(take("bucket", limit, 1).admitted()).isFalse();
    }

    @Test
    void take_hugeNumbers_staysExact() {
        RateLimit limit = RateLimit.of(10_000_000, Duration.ofDays(1)).withBurst(500_000_000);
        take("bucket", limit, limit.capacity());

        assertThat(take("bucket", limit, limit.capacity()).nanosToAdmit())
                .isEqualTo(Duration.ofDays(51).toNanos());
    }

    @Test
    void take_raisedLimit_keepsThePartThatWasConsumed() {
        take("bucket", RateLimit.perMinute(10), 10);
        assertThat(take("bucket", RateLimit.perMinute(1_000), 1).admitted()).isFalse();

        take("other", RateLimit.perMinute(10), 5);
        assertThat(take("other", RateLimit.perMinute(1_000), 0).remaining()).isEqualTo(500);
    }

    @Test
    void take_raisedLimit_refillsAtTheNewRateEvenIfDenied() {
        take("bucket", RateLimit.of(1, Duration.ofDays(1)), 1);
        take("bucket", RateLimit.perMinute(60), 1);
        advance(Duration.ofSeconds(1));

        assertThat(take("bucket", RateLimit.perMinute(60), 1).admitted()).isTrue();
    }

    @Test
    void take_loweredLimit_keepsThePartThatWasConsumed() {
        take("bucket", RateLimit.perMinute(1_000), 900);

        assertThat(take("bucket", RateLimit.perMinute(10), 0).remaining()).isEqualTo(1);
    }

    @Test
    void take_twoLimitsInTurn_admitsNoMoreThanTheLarger() {
        RateLimit small = RateLimit.perMinute(10);
        RateLimit large = RateLimit.perMinute(100);
        take("bucket", small, 10);

        long admitted = IntStream.range(0, 100)
                .filter(i -> take("bucket", i % 2 == 0 ? large : small, 1).admitted())
                .count();

        assertThat(admitted).isZero();
    }

    @Test
    void take_twoLimits_needsBothAndChargesBothOrNeither() {
        List<RateLimit> limits = List.of(RateLimit.perSecond(10), RateLimit.of(15, Duration.ofDays(1)));

        assertThat(take("bucket", limits, 8).levels())
                .extracting(Level::remaining)
                .containsExactly(2L, 7L);
        assertThat(take("bucket", limits, 3).levels())
                .extracting(Level::remaining)
                .containsExactly(2L, 7L);
        advance(Duration.ofSeconds(1));
        BucketState state = take("bucket", limits, 8);

        assertThat(state.admitted()).isFalse();
        assertThat(state.levels()).extracting(Level::remaining).containsExactly(10L, 7L);
        assertThat(state.remaining()).isEqualTo(7);
        assertThat(state.nanosToNextToken()).isEqualTo(Duration.ofSeconds(5759).toNanos());
        assertThat(state.nanosToAdmit()).isEqualTo(Duration.ofSeconds(5759).toNanos());
        assertThat(take("bucket", limits, 7).remaining()).isZero();
    }

    @Test
    void take_costAboveOneOfTwoCapacities_isNeverAdmitted() {
        List<RateLimit> limits = List.of(RateLimit.perSecond(10), RateLimit.perMinute(100));

        assertThat(take("bucket", limits, 11).nanosToAdmit()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void take_limitAddedInFront_beginsFullAndTheOtherKeepsItsLevel() {
        RateLimit daily = RateLimit.of(1_000, Duration.ofDays(1));
        RateLimit hourly = RateLimit.of(500, Duration.ofHours(1));
        RateLimit perSecond = RateLimit.perSecond(10);
        take("bucket", List.of(daily, hourly), 400);

        assertThat(take("bucket", List.of(perSecond, hourly, daily), 4).levels())
                .extracting(Level::remaining)
                .containsExactly(6L, 96L, 596L);
    }

    @Test
    void take_bothLimitsChanged_keepsThePartOfEachThatWasConsumed() {
        take("bucket", List.of(RateLimit.perSecond(10), RateLimit.perMinute(100)), 10);

        assertThat(take("bucket", List.of(RateLimit.perSecond(40), RateLimit.perMinute(50)), 0)
                        .levels())
                .extracting(Level::remaining)
                .containsExactly(0L, 45L);
    }

    @Test
    void tryAcquire_twoLimits_isBurstIfOneOfThemIs() {
        RateLimiter limiter = limiter(Tier.of(
                "two",
                RateLimit.perSecond(10),
                RateLimit.perMinute(15).withBurst(5))); // of 20 tokens per minute, the last 5 are burst

        assertThat(limiter.tryAcquire(CLIENT, 10).outcome()).isEqualTo(ALLOWED);
        advance(Duration.ofSeconds(1));
        assertThat(limiter.peek(CLIENT).outcome()).isEqualTo(ALLOWED);
        assertThat(limiter.tryAcquire(CLIENT, 6).outcome()).isEqualTo(ALLOWED_BURST);
        assertThat(limiter.tryAcquire(CLIENT, 5).outcome()).isEqualTo(DENIED);
    }

    @Test
    void refund_tokensThatWereTaken_comeBackUpToTheCapacity() {
        RateLimiter limiter = limiter(Tier.FREE);
        limiter.tryAcquire(CLIENT, 12);

        assertThat(limiter.refund(CLIENT, 5)).isEqualTo(new Row(0, ALLOWED, 5, 6, null).decision());
        assertThat(limiter.tryAcquire(CLIENT, 5).remaining()).isZero();
        advance(Duration.ofSeconds(30));
        assertThat(limiter.refund(CLIENT, 9)).isEqualTo(new Row(30, ALLOWED, 12, 0, null).decision());
        assertThat(limiter.tryAcquire(CLIENT, 12).remaining()).isZero();
    }

    @Test
    void refund_deniedClient_isAdmittedAgain() {
        RateLimiter limiter = limiter(Tier.FREE);
        limiter.tryAcquire(CLIENT, 12);
        assertThat(limiter.tryAcquire(CLIENT, 1).allowed()).isFalse();
        assertThat(limiter.tryAcquire(CLIENT, 1).allowed()).isFalse();

        limiter.refund(CLIENT, 1);

        assertThat(limiter.tryAcquire(CLIENT, 1).allowed()).isTrue();
    }

    @Test
    void refund_bucketThatWasNeverUsed_isFull() {
        assertThat(limiter(Tier.FREE).refund(CLIENT, 5)).isEqualTo(new Row(0, ALLOWED, 12, 0, null).decision());
    }

    @Test
    void grant_moreThanTheCapacity_canBeTakenAndDoesNotRefill() {
        RateLimiter limiter = limiter(Tier.FREE);
        limiter.tryAcquire(CLIENT, 2);

        assertThat(limiter.grant(CLIENT, 20)).isEqualTo(new Row(0, ALLOWED, 30, 0, null).decision());
        advance(Duration.ofMinutes(10));
        assertThat(limiter.tryAcquire(CLIENT, 13)).isEqualTo(new Row(600, ALLOWED, 17, 0, null).decision());
        assertThat(limiter.tryAcquire(CLIENT, 18).allowed()).isFalse();
        assertThat(limiter.tryAcquire(CLIENT, 6).remaining()).isEqualTo(11);
        advance(Duration.ofSeconds(6));
        assertThat(limiter.peek(CLIENT)).isEqualTo(new Row(606, ALLOWED, 12, 0, null).decision());
    }

    @Test
    void grant_deniedClient_isAdmittedAgain() {
        RateLimiter limiter = limiter(Tier.FREE);
        assertThat(limiter.tryAcquire(CLIENT, 13).allowed()).isFalse();

        limiter.grant(CLIENT, 1);

        assertThat(limiter.tryAcquire(CLIENT, 13).allowed()).isTrue();
    }

    @Test
    void refund_afterAGrant_leavesWhatWasGranted() {
        RateLimiter limiter = limiter(Tier.FREE);
        limiter.grant(CLIENT, 20);
        limiter.tryAcquire(CLIENT, 2);

        assertThat(limiter.refund(CLIENT, 2).remaining()).isEqualTo(32);
    }

    @Test
    void refund_oneOfTwoLimitsAboveItsCapacity_fillsTheOtherNoFurther() {
        List<RateLimit> limits = List.of(RateLimit.perSecond(10), RateLimit.perMinute(100));
        take("bucket", limits, 10);
        advance(Duration.ofSeconds(1));
        take("bucket", limits, 10);
        advance(Duration.ofSeconds(1));
        assertThat(engine().grant("bucket", limits, 5)
                        .toCompletableFuture()
                        .join()
                        .levels())
                .extracting(Level::remaining)
                .containsExactly(15L, 88L);

        assertThat(engine().refund("bucket", limits, 20)
                        .toCompletableFuture()
                        .join()
                        .levels())
                .extracting(Level::remaining)
                .containsExactly(27L, 100L);
    }

    @Test
    void reset_deniedClient_isFull() {
        RateLimiter limiter = limiter(Tier.FREE);
        limiter.tryAcquire(CLIENT, 12);
        assertThat(limiter.tryAcquire(CLIENT, 1).allowed()).isFalse();

        assertThat(limiter.reset(CLIENT)).isEqualTo(new Row(0, ALLOWED, 12, 0, null).decision());
        assertThat(limiter.tryAcquire(CLIENT, 12).allowed()).isTrue();
    }

    @Test
    void reset_afterAGrant_takesItAway() {
        RateLimiter limiter = limiter(Tier.FREE);
        limiter.grant(CLIENT, 20);

        limiter.reset(CLIENT);

        assertThat(limiter.peek(CLIENT).remaining()).isEqualTo(12);
    }

    @Test
    void take_otherBucket_hasItsOwnTokens() {
        take("bucket", FREE, 12);

        assertThat(take("other", FREE, 12).admitted()).isTrue();
    }

    @Test
    void take_manyThreads_admitsExactlyTheCapacity() throws Exception {
        RateLimit limit = RateLimit.perMinute(90).withBurst(10);
        ExecutorService threads = Executors.newFixedThreadPool(16);
        Callable<Long> caller = () -> IntStream.range(0, 25)
                .filter(i -> take("bucket", limit, 1).admitted())
                .count();
        try {
            long admitted = 0;
            for (Future<Long> count : threads.invokeAll(Collections.nCopies(16, caller))) {
                admitted += count.get();
            }
            assertThat(admitted).isEqualTo(limit.capacity());
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void takeAll_enoughInEach_takesFromEach() {
        List<BucketState> states = takeAll(List.of(take("a", FREE), take("b", PER_SECOND)), 2);

        assertThat(states).extracting(BucketState::admitted).containsExactly(true, true);
        assertThat(states).extracting(BucketState::remaining).containsExactly(10L, 3L);
    }

    @Test
    void takeAll_oneLacksTokens_takesFromNone() {
        take("b", PER_SECOND, 4);

        List<BucketState> states =
                takeAll(List.of(take("a", FREE), take("b", PER_SECOND), take("c", FREE), take("d", PER_SECOND)), 2);

        assertThat(states.get(1))
                .isEqualTo(BucketState.of(
                        false,
                        1,
                        Duration.ofMillis(200).toNanos(),
                        Duration.ofMillis(200).toNanos()));
        assertThat(states).extracting(BucketState::remaining).containsExactly(12L, 1L, 12L, 5L);
        assertThat(Stream.of("a", "b", "c", "d")
                        .map(bucket -> peek(bucket, bucket.matches("[ac]") ? FREE : PER_SECOND)))
                .containsExactly(12L, 1L, 12L, 5L);
    }

    @Test
    void takeAll_severalLackTokens_eachSaysWhenItWouldAdmit() {
        take("a", PER_SECOND, 4);
        take("c", FREE, 12);

        List<BucketState> states = takeAll(List.of(take("a", PER_SECOND), take("b", PER_SECOND), take("c", FREE)), 3);

        assertThat(states.get(0).nanosToAdmit())
                .isEqualTo(Duration.ofMillis(400).toNanos());
        assertThat(states.get(2).nanosToAdmit())
                .isEqualTo(Duration.ofSeconds(18).toNanos());
        assertThat(states).extracting(BucketState::remaining).containsExactly(1L, 5L, 0L);
    }

    @Test
    void takeAll_moreThanOneCanHold_isNeverAdmitted() {
        List<BucketState> states = takeAll(List.of(take("a", FREE), take("b", PER_SECOND)), 6);

        assertThat(states.get(1).nanosToAdmit()).isEqualTo(Long.MAX_VALUE);
        assertThat(states.get(0).remaining()).isEqualTo(12);
    }

    @Test
    void takeAll_costZero_changesNothing() {
        take("a", FREE, 12);

        assertThat(takeAll(List.of(take("a", FREE), take("b", FREE)), 0))
                .extracting(BucketState::admitted)
                .containsExactly(true, true);
    }

    @Test
    void takeAll_tokensComeBack_isAdmittedWhenTold() {
        List<Take> takes = List.of(take("a", FREE), take("b", PER_SECOND));
        takeAll(takes, 5);
        Duration wait = Duration.ofNanos(takeAll(takes, 1).get(1).nanosToAdmit());

        advance(wait.minus(precision()));
        assertThat(takeAll(takes, 1)).extracting(BucketState::admitted).containsExactly(true, false);
        advance(precision());
        assertThat(takeAll(takes, 1)).extracting(BucketState::admitted).containsExactly(true, true);
        assertThat(peek("a", FREE)).isEqualTo(6);
    }

    @Test
    void takeAll_oneBucketWasDeniedAlone_isDenied() {
        take("a", FREE, 12);
        take("a", FREE, 1);

        List<BucketState> states = takeAll(List.of(take("a", FREE), take("b", FREE)), 1);

        assertThat(states).extracting(BucketState::admitted).containsExactly(false, true);
        assertThat(states.get(0).nanosToAdmit()).isEqualTo(Duration.ofSeconds(6).toNanos());
        assertThat(peek("b", FREE)).isEqualTo(12);
    }

    @Test
    void takeAll_deniedByOneBucket_leavesTheOtherToItself() {
        take("a", FREE, 12);
        take("b", FREE, 3);
        takeAll(List.of(take("a", FREE), take("b", FREE)), 1);

        assertThat(takeAll(List.of(take("a", FREE), take("b", FREE)), 1))
                .extracting(BucketState::admitted)
                .containsExactly(false, true);
        assertThat(take("b", FREE, 9).admitted()).isTrue();
    }

    @Test
    void takeAll_deniedBucketIsReset_isAdmitted() {
        List<Take> takes = List.of(take("a", FREE), take("b", FREE));
        take("a", FREE, 12);
        assertThat(takeAll(takes, 1).get(0).admitted()).isFalse();

        engine().reset("a", List.of(FREE)).toCompletableFuture().join();

        assertThat(takeAll(takes, 1)).extracting(BucketState::remaining).containsExactly(11L, 11L);
    }

    @Test
    void takeAll_severalLimitsEach_chargesAllOrNone() {
        List<RateLimit> two = List.of(PER_SECOND, RateLimit.of(7, Duration.ofDays(1)));
        List<Take> takes = List.of(new Take("a", two), take("b", FREE));
        takeAll(takes, 5);
        advance(Duration.ofSeconds(1));

        assertThat(takeAll(takes, 3)).extracting(BucketState::admitted).containsExactly(false, true);
        assertThat(takeAll(takes, 2).get(0).levels())
                .extracting(Level::remaining)
                .containsExactly(3L, 0L);
        assertThat(peek("b", FREE)).isEqualTo(5);
    }

    @Test
    void takeAll_otherLimitsThanBefore_keepsThePartThatWasConsumed() {
        take("a", RateLimit.perMinute(10), 5);
        List<Take> takes = List.of(take("a", RateLimit.perMinute(1_000)), take("b", PER_SECOND));

        assertThat(takeAll(takes, 6)).extracting(BucketState::remaining).containsExactly(500L, 5L);
        assertThat(takeAll(takes, 5)).extracting(BucketState::remaining).containsExactly(495L, 0L);
    }

    @Test
    void takeAll_oneBucketTwice_isChargedTwice() {
        assertThat(takeAll(List.of(take("a", FREE), take("a", FREE)), 2))
                .extracting(BucketState::remaining)
                .containsExactly(10L, 8L);
    }

    /** The third and the fourth of these buckets are scarce; whoever needs them too is charged to all or to none. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void takeAll_manyThreadsOnOverlappingBuckets_admitsNoMoreThanEachAllowsAndLosesNoToken(long seed) throws Exception {
        List<Take> buckets = IntStream.of(90, 70, 40, 20)
                .mapToObj(tokens -> take("bucket" + tokens, RateLimit.perSecond(tokens)))
                .toList();
        long[] left = buckets.stream().mapToLong(LimitEngineContract::capacity).toArray();

        for (int round = 0; round < 3; round++) {
            long[] taken = takeAtRandom(buckets, seed + 10L * round);
            for (int i = 0; i < left.length; i++) {
                assertThat(taken[i])
                        .as("seed %d, round %d, bucket %d", seed, round, i)
                        .isLessThanOrEqualTo(left[i]);
                assertThat(peek(buckets.get(i).bucket(), buckets.get(i).limits().get(0)))
                        .as("seed %d, round %d, bucket %d", seed, round, i)
                        .isEqualTo(left[i] - taken[i]);
                left[i] = Math.min(left[i] - taken[i] + capacity(buckets.get(i)) / 2, capacity(buckets.get(i)));
            }
            advance(Duration.ofMillis(500));
        }
    }

    private static long capacity(Take bucket) {
        return bucket.limits().get(0).capacity();
    }

    /** Returns what 8 threads took from each bucket. */
    private long[] takeAtRandom(List<Take> buckets, long seed) throws Exception {
        AtomicLongArray taken = new AtomicLongArray(buckets.size());
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Void>> callers = IntStream.range(0, 8)
                    .<Callable<Void>>mapToObj(i -> () -> {
                        Random random = new Random(seed * 100 + i);
                        IntStream.range(0, 25).forEach(request -> takeSome(buckets, random, taken));
                        return null;
                    })
                    .toList();
            for (Future<Void> caller : threads.invokeAll(callers)) {
                caller.get();
            }
        } finally {
            threads.shutdown();
        }
        return IntStream.range(0, buckets.size()).mapToLong(taken::get).toArray();
    }

    private void takeSome(List<Take> buckets, Random random, AtomicLongArray taken) {
        List<Integer> some =
                new ArrayList<>(IntStream.range(0, buckets.size()).boxed().toList());
        Collections.shuffle(some, random);
        some = some.subList(0, 1 + random.nextInt(3));
        long cost = 1L + random.nextInt(3);
        if (takeAll(some.stream().map(buckets::get).toList(), cost).stream().allMatch(BucketState::admitted)) {
            some.forEach(i -> taken.addAndGet(i, cost));
        }
    }

    @Test
    void takeAll_asManyInFlightAsMayBe_deniesTheNextWithoutACharge() {
        List<BucketState> admitted =
                Stream.generate(() -> enter("a", 2)).limit(2).toList();
        BucketState denied = enter("a", 2);

        assertThat(admitted)
                .allMatch(state -> state.admitted() && state.permit().isPresent());
        assertThat(denied)
                .isEqualTo(BucketState.of(true, 10, Duration.ofSeconds(6).toNanos(), 0)
                        .withoutPlace());
        assertThat(denied.nanosToAdmit()).isEqualTo(Duration.ofSeconds(1).toNanos());
        assertThat(peek("a", FREE)).isEqualTo(10);
        assertThat(enter("b", 2).admitted()).isTrue();
    }

    @Test
    void takeAll_placeReleased_admitsOneMore() {
        Permit first = permit(enter("a", 2));
        Permit second = permit(enter("a", 2));

        first.release();
        await().until(() -> enter("a", 2).admitted());
        assertThat(enter("a", 2).crowded()).isTrue();
        second.release();
        await().until(() -> enter("a", 2).admitted());
        assertThat(peek("a", FREE)).isEqualTo(8);
    }

    @Test
    void takeAll_placeReleasedTwice_admitsOneMoreOnly() {
        Permit permit = permit(enter("a", 2));
        enter("a", 2);

        permit.release();
        permit.release();
        await().until(() -> enter("a", 2).admitted());
        permit.release();

        assertThat(enter("a", 2).crowded()).isTrue();
        assertThat(enter("a", 2).crowded()).isTrue();
    }

    @Test
    void takeAll_placeNeverReleased_isFreeAfterTheTimeout() {
        Permit late = permit(enter("a", 1));
        advance(Duration.ofSeconds(60).minus(precision()));
        assertThat(enter("a", 1).crowded()).isTrue();

        advance(Duration.ofMillis(100)); // for which an engine may remember that no place was free
        assertThat(enter("a", 1).admitted()).isTrue();
        late.release();
        assertThat(enter("a", 1).crowded()).isTrue();
    }

    @Test
    void takeAll_noPlaceInOneOfTwoBuckets_takesNothingFromEither() {
        enter("b", 1);

        List<BucketState> states = takeAll(List.of(limited("a", 1), limited("b", 1)), 3);

        assertThat(states).extracting(BucketState::admitted).containsExactly(true, false);
        assertThat(states).extracting(BucketState::crowded).containsExactly(false, true);
        assertThat(states).extracting(BucketState::permit).containsOnly(Optional.empty());
        assertThat(peek("a", FREE)).isEqualTo(12);
        assertThat(peek("b", FREE)).isEqualTo(11);
        await().until(() -> enter("a", 1).admitted());
    }

    @Test
    void takeAll_placesInTwoBuckets_areReleasedEach() {
        List<Take> takes = List.of(limited("a", 1), take("c", FREE), limited("b", 1));
        List<BucketState> states = takeAll(takes, 1);
        assertThat(states).extracting(state -> state.permit().isPresent()).containsExactly(true, false, true);

        permit(states.get(0)).release();
        await().until(() -> enter("a", 1).admitted());
        assertThat(enter("b", 1).crowded()).isTrue();
        permit(states.get(2)).release();
        await().until(() -> enter("b", 1).admitted());
    }

    @Test
    void takeAll_tokensAreMissing_takesNoPlace() {
        take("a", FREE, 11);
        enter("a", 2);
        BucketState denied = enter("a", 2);
        assertThat(denied.admitted() || denied.crowded()).isFalse();
        assertThat(denied.nanosToAdmit()).isEqualTo(Duration.ofSeconds(6).toNanos());

        advance(Duration.ofSeconds(12));
        await().until(() -> enter("a", 2).admitted());
        assertThat(enter("a", 2).crowded()).isTrue();
    }

    @Test
    void takeAll_tokensAndPlacesAreMissing_saysWhenTheTokensAreThere() {
        enter("a", 1);
        take("a", FREE, 11);

        assertThat(enter("a", 1).nanosToAdmit()).isEqualTo(Duration.ofSeconds(6).toNanos());
        assertThat(enter("a", 1).crowded()).isFalse();
    }

    @Test
    void takeAll_costZero_needsAPlace() {
        Take limited = limited("a", 1);

        assertThat(takeAll(List.of(limited), 0).get(0).permit()).isPresent();
        assertThat(takeAll(List.of(limited), 0).get(0).crowded()).isTrue();
        assertThat(peek("a", FREE)).isEqualTo(12);
    }

    @Test
    void peekAndReset_bucketWithPlaces_leaveThemAlone() {
        enter("a", 1);

        assertThat(peek("a", FREE)).isEqualTo(11);
        engine().reset("a", List.of(FREE)).toCompletableFuture().join();

        assertThat(enter("a", 1).crowded()).isTrue();
        assertThat(peek("a", FREE)).isEqualTo(12);
    }

    @Test
    void takeAll_fewerPlacesThanBefore_deniesUntilEnoughHaveLeft() {
        List<Permit> permits =
                Stream.generate(() -> permit(enter("a", 3))).limit(3).toList();
        permits.get(0).release();
        await().until(() -> enter("a", 3).admitted());
        assertThat(enter("a", 1).crowded()).isTrue();

        permits.get(1).release();
        permits.get(2).release();
        await().until(() -> enter("a", 2).admitted());
    }

    @Test
    void takeAll_manyThreadsInFlight_areNeverMoreThanMayBe() throws Exception {
        Take take = new Take("a", List.of(RateLimit.of(10_000, Duration.ofDays(1))), inFlight(3));
        AtomicInteger inFlight = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        Callable<Long> caller = () -> IntStream.range(0, 40)
                .mapToObj(i -> takeAll(List.of(take), 1).get(0))
                .filter(BucketState::admitted)
                .peek(state -> {
                    most.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
                    inFlight.decrementAndGet();
                    permit(state).release();
                })
                .count();
        long admitted = 0;
        try {
            for (Future<Long> count : threads.invokeAll(Collections.nCopies(8, caller))) {
                admitted += count.get();
            }
        } finally {
            threads.shutdown();
        }
        assertThat(most).hasValueBetween(1, 3);
        assertThat(peek("a", take.limits().get(0))).isEqualTo(10_000 - admitted);
        await().until(() -> takeAll(List.of(new Take("a", take.limits(), inFlight(1))), 1)
                .get(0)
                .admitted());
    }

    private BucketState enter(String bucket, int most) {
        return takeAll(List.of(limited(bucket, most)), 1).get(0);
    }

    private static Take limited(String bucket, int most) {
        return new Take(bucket, List.of(FREE), inFlight(most));
    }

    private static Optional<InFlightLimit> inFlight(int most) {
        return Optional.of(InFlightLimit.of(most));
    }

    private static Permit permit(BucketState state) {
        return state.permit().orElseThrow();
    }

    @Test
    void tryAcquire_requestOfSeveralLimits_isAllOrNothingAndTheTightestAnswers() {
        RateLimiter limiter = limiter(Tier.FREE);
        Tier tenant = Tier.of("tenant", RateLimit.perMinute(3));
        RateLimitRequest request = RateLimitRequest.of(CLIENT).within(tenant, "acme");

        for (int left = 2; left >= 0; left--) {
            assertThat(limiter.tryAcquire(request))
                    .extracting(RateLimitDecision::tier, RateLimitDecision::remaining)
                    .containsExactly(tenant, (long) left);
        }
        RateLimitDecision denied = limiter.tryAcquire(request);

        assertThat(denied.outcome()).isEqualTo(DENIED);
        assertThat(denied.tier()).isEqualTo(tenant);
        assertThat(denied.retryAfter()).contains(Duration.ofSeconds(20));
        assertThat(limiter.peek(CLIENT).remaining()).isEqualTo(9);
        assertThat(limiter.peek(request)).isEqualTo(denied);
    }

    @ParameterizedTest
    @CsvSource({"20, 4, 12", "5, 1, 3", "10, 14, 12", "1000, 200, 600"})
    void changeRules_tierWithAnotherDefinition_keepsInProportionWhatWasConsumed(long tokens, long burst, long left) {
        RateLimiter limiter = limiter(Tier.FREE);
        limiter.tryAcquire(CLIENT, 6);
        limiter.tryAcquire(Client.ofKey("empty"), 12);

        limiter.changeRules(rules ->
                rules.withTier(Tier.of("free", RateLimit.perMinute(tokens).withBurst(burst))));

        assertThat(limiter.peek(CLIENT).remaining()).isEqualTo(left);
        assertThat(limiter.tryAcquire(Client.ofKey("empty"), 1).outcome()).isEqualTo(DENIED);
    }

    @Test
    void tryAcquire_furtherTierOfTheClient_isCountedPerClient() {
        RateLimiter limiter = limiter(Tier.FREE);
        Tier search = Tier.of("search", RateLimit.perMinute(2));
        RateLimitRequest request = RateLimitRequest.of(CLIENT).within(search);

        assertThat(limiter.tryAcquire(request).allowed()).isTrue();
        assertThat(limiter.tryAcquire(request).allowed()).isTrue();
        assertThat(limiter.tryAcquire(request).tier()).isEqualTo(search);
        assertThat(limiter.tryAcquire(request).allowed()).isFalse();

        assertThat(limiter.peek(CLIENT).remaining()).isEqualTo(10);
        assertThat(limiter.tryAcquire(RateLimitRequest.of(Client.ofAddress("192.0.2.77"))
                                .within(search))
                        .allowed())
                .isTrue();
    }

    private List<BucketState> takeAll(List<Take> takes, long cost) {
        return engine().takeAll(takes, cost).toCompletableFuture().join();
    }

    private static Take take(String bucket, RateLimit limit) {
        return new Take(bucket, List.of(limit));
    }

    private long peek(String bucket, RateLimit limit) {
        return engine().peek(bucket, List.of(limit))
                .toCompletableFuture()
                .join()
                .remaining();
    }

    private BucketState take(String bucket, RateLimit limit, long cost) {
        return take(bucket, List.of(limit), cost);
    }

    private BucketState take(String bucket, List<RateLimit> limits, long cost) {
        return engine().take(bucket, limits, cost).toCompletableFuture().join();
    }

    private RateLimiter limiter(Tier tier) {
        LimiterBuilder builder = new LimiterBuilder();
        builder.secret("sixteen-letters!")
                .defaultTier(tier)
                .tierOf(key -> Optional.of(tier))
                .namespace("test")
                .whenRedisIsDown(FailurePolicy.DENY)
                .ticker(Ticker.disabledTicker());
        return builder.build(engine());
    }
}
