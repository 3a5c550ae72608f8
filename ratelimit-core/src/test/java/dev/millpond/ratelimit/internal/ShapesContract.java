package dev.millpond.ratelimit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.RateLimit.Shape;
import dev.millpond.ratelimit.spi.LimitEngine;
import dev.millpond.ratelimit.spi.LimitEngine.BucketState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What every engine must do with each shape of a limit, to the token. */
public abstract class ShapesContract {

    private static final RateLimit TEN_AND_TWO = RateLimit.perMinute(10).withBurst(2);
    private static final long NEVER = Long.MAX_VALUE;
    private static final long MINUTE = 60_000;
    private static final int REQUESTS = 300;

    /** Returns the engine under test; every call within one test returns the same. */
    protected abstract LimitEngine engine();

    /** Moves the clock of the engine, which begins at the beginning of a day. */
    protected abstract void advance(Duration time);

    /** Returns the smallest step of the engine's clock. */
    protected abstract Duration precision();

    private long now;

    private void advanceTo(long millis) {
        advance(Duration.ofMillis(millis - now));
        now = millis;
    }

    private BucketState take(RateLimit limit, long cost) {
        return take(List.of(limit), cost);
    }

    private BucketState take(List<RateLimit> limits, long cost) {
        return engine().take("bucket", limits, cost).toCompletableFuture().join();
    }

    /** One request at a time in milliseconds, and what it is told, the waits in milliseconds as well. */
    private record Row(long at, long cost, boolean admitted, long remaining, long nextToken, long toAdmit) {

        BucketState state() {
            return BucketState.of(
                    admitted, remaining, nextToken * 1_000_000, toAdmit == NEVER ? NEVER : toAdmit * 1_000_000);
        }
    }

    private static Row admitted(long at, long cost, long remaining, long nextToken) {
        return new Row(at, cost, true, remaining, nextToken, 0);
    }

    private static Row denied(long at, long cost, long remaining, long nextToken, long toAdmit) {
        return new Row(at, cost, false, remaining, nextToken, toAdmit);
    }

    private void assertRows(RateLimit limit, Row... rows) {
        for (Row row : rows) {
            advanceTo(row.at);
            assertThat(take(limit, row.cost)).as(row.toString()).isEqualTo(row.state());
        }
    }

    @Test
    void take_smoothLimit_matchesTheWorkedExample() {
        assertRows(
                TEN_AND_TWO.smooth(),
                admitted(0, 0, 3, 0),
                admitted(0, 1, 2, 6_000),
                admitted(0, 1, 1, 6_000),
                admitted(0, 1, 0, 6_000),
                denied(0, 1, 0, 6_000, 6_000),
                denied(0, 3, 0, 6_000, 18_000),
                denied(0, 4, 0, 6_000, NEVER),
                denied(3_000, 1, 0, 3_000, 3_000),
                admitted(6_000, 1, 0, 6_000),
                admitted(18_000, 1, 1, 6_000),
                denied(18_500, 2, 1, 5_500, 5_500),
                admitted(200_000, 0, 3, 0),
                admitted(200_000, 3, 0, 6_000));
    }

    @Test
    void take_smoothLimitWithoutBurst_admitsOneAfterTheOther() {
        assertRows(
                RateLimit.perMinute(10).smooth(),
                admitted(0, 1, 0, 6_000),
                denied(5_999, 1, 0, 1, 1),
                admitted(6_000, 1, 0, 6_000),
                admitted(60_000, 1, 0, 6_000),
                denied(60_000, 2, 0, 6_000, NEVER));
    }

    @Test
    void take_windows_matchTheWorkedExample() {
        assertRows(
                TEN_AND_TWO.inWindows(),
                admitted(0, 0, 12, 0),
                admitted(5_000, 1, 11, 60_000), // begins the window until 65 s
                admitted(20_000, 11, 0, 45_000),
                denied(20_000, 1, 0, 45_000, 45_000),
                denied(64_999, 12, 0, 1, 1),
                admitted(65_000, 1, 11, 60_000), // begins the one until 125 s
                denied(65_000, 12, 11, 60_000, 60_000),
                denied(65_000, 13, 11, 60_000, NEVER),
                admitted(130_000, 0, 12, 0),
                admitted(200_000, 12, 0, 60_000), // begins the one until 260 s
                denied(259_999, 1, 0, 1, 1),
                admitted(260_000, 12, 0, 60_000));
    }

    @Test
    void take_alignedWindows_matchTheWorkedExample() {
        assertRows(
                TEN_AND_TWO.inAlignedWindows(),
                admitted(50_000, 0, 12, 0),
                admitted(50_000, 12, 0, 10_000),
                denied(59_999, 1, 0, 1, 1),
                admitted(60_000, 12, 0, 60_000),
                denied(61_000, 13, 0, 59_000, NEVER),
                admitted(200_000, 1, 11, 40_000), // in the window from 180 s to 240 s
                denied(200_000, 12, 11, 40_000, 40_000),
                admitted(240_000, 0, 12, 0));
    }

    @Test
    void take_alignedDays_endAtMidnight() {
        assertRows(
                RateLimit.of(1_000, Duration.ofDays(1)).inAlignedWindows(),
                admitted(82_800_000, 1_000, 0, 3_600_000),
                denied(86_399_999, 1, 0, 1, 1),
                admitted(86_400_000, 1, 999, 86_400_000));
    }

    @Test
    void take_limitsOfSeveralShapes_needsAllAndTellsTheLongestWait() {
        List<RateLimit> limits = List.of(
                RateLimit.perSecond(2).smooth(),
                RateLimit.perMinute(3).inWindows(),
                RateLimit.of(5, Duration.ofHours(1)).inAlignedWindows());
        advanceTo(10_000);
        take(limits, 1);
        advanceTo(11_000);
        take(limits, 1);
        advanceTo(12_000);
        take(limits, 1);

        BucketState denied = take(limits, 1);
        advanceTo(70_000);
        BucketState admitted = take(limits, 1);

        assertThat(denied.admitted()).isFalse();
        assertThat(denied.levels())
                .extracting(level -> level.remaining() + " " + level.nanosToNextToken() / 1_000_000)
                .containsExactly("0 500", "0 58000", "2 3588000");
        assertThat(denied.nanosToAdmit()).isEqualTo(58_000_000_000L);
        assertThat(admitted.admitted()).isTrue();
        assertThat(admitted.levels())
                .extracting(level -> level.remaining() + " " + level.nanosToNextToken() / 1_000_000)
                .containsExactly("0 500", "2 60000", "1 3530000");
    }

    @Test
    void refund_allThatAWindowWasCharged_beginsANewOneWithTheNextRequest() {
        RateLimit windows = TEN_AND_TWO.inWindows();
        take(windows, 2);
        engine().refund("bucket", List.of(windows), 2).toCompletableFuture().join();
        advanceTo(30_000);

        assertThat(take(windows, 1)).isEqualTo(admitted(30_000, 1, 11, 60_000).state());
    }

    @ParameterizedTest
    @EnumSource
    void grant_anyShape_isAddedAndUsedOnce(Shape shape) {
        RateLimit limit = TEN_AND_TWO.withShape(shape);
        take(limit, 1);
        engine().grant("bucket", List.of(limit), 20).toCompletableFuture().join();
        advanceTo(10 * MINUTE);

        assertThat(take(limit, limit.capacity()).remaining()).isEqualTo(19);
        assertThat(take(limit, 19 - limit.capacity()).remaining()).isEqualTo(limit.capacity());
        advanceTo(20 * MINUTE);
        assertThat(take(limit, limit.capacity()).remaining()).isZero();
        assertThat(take(limit, 1).admitted()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void reset_anyShape_isFull(Shape shape) {
        RateLimit limit = TEN_AND_TWO.withShape(shape);
        take(limit, limit.capacity());

        assertThat(engine().reset("bucket", List.of(limit))
                        .toCompletableFuture()
                        .join()
                        .remaining())
                .isEqualTo(limit.capacity());
        assertThat(take(limit, limit.capacity()).admitted()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void take_whoWaitsAsTold_isAdmittedAndNotBefore(Shape shape) {
        RateLimit limit = RateLimit.of(7, Duration.ofSeconds(11)).withBurst(3).withShape(shape);
        advance(Duration.ofMillis(1_234));
        take(limit, limit.capacity());

        Duration wait = Duration.ofNanos(take(limit, 2).nanosToAdmit());

        advance(wait.minus(precision()));
        assertThat(take(limit, 2).admitted()).isFalse();
        advance(precision());
        assertThat(take(limit, 2).admitted()).isTrue();
    }

    @Test
    void take_otherShapeOfTheSameLimit_staysAsFullAndWindowsEndWhenToldBefore() {
        RateLimit small = RateLimit.perMinute(10).inWindows();
        RateLimit large = RateLimit.perMinute(100).inWindows();
        take(small, 4);
        advanceTo(50_000);

        assertThat(take(large, 10)).isEqualTo(admitted(50_000, 10, 50, 10_000).state());
        advanceTo(60_000);
        assertThat(take(large, 10)).isEqualTo(admitted(60_000, 10, 90, 60_000).state());
    }

    @Test
    void take_bucketTurnedIntoWindows_isFullOnePeriodLater() {
        take(RateLimit.perMinute(10), 10);
        advanceTo(30_000);

        assertThat(take(RateLimit.perMinute(10).inWindows(), 5))
                .isEqualTo(admitted(30_000, 5, 0, 60_000).state());
    }

    @Test
    void take_windowsTurnedIntoABucket_refillFromNowOn() {
        take(RateLimit.perMinute(10).inAlignedWindows(), 10);
        advanceTo(30_000);

        assertThat(take(RateLimit.perMinute(10), 1))
                .isEqualTo(denied(30_000, 1, 0, 6_000, 6_000).state());
        advanceTo(36_000);
        assertThat(take(RateLimit.perMinute(10), 1))
                .isEqualTo(admitted(36_000, 1, 0, 6_000).state());
    }

    static LongStream seeds() {
        return LongStream.of(1, 2, System.nanoTime());
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void take_nodesWithDifferentLimitsAtOneInstant_makeNoTokens(long seed) {
        Random random = new Random(seed);
        List<RateLimit> limits = Stream.of(Shape.values())
                .flatMap(shape -> Stream.of(
                        RateLimit.perMinute(60).withShape(shape),
                        RateLimit.of(60, Duration.ofHours(1)).withShape(shape),
                        RateLimit.perSecond(60).withShape(shape)))
                .toList();
        advanceTo(1_800_500 + random.nextLong(400));
        take(limits.get(0), 60);

        for (int i = 0; i < 200; i++) {
            RateLimit limit = limits.get(random.nextInt(limits.size()));
            assertThat(take(limit, 1).admitted())
                    .as("seed %d, request %d, %s", seed, i, limit)
                    .isFalse();
        }
    }

    /** Returns when each of the tokens was taken that a greedy client got, who comes in bursts and asks for 1 to 3. */
    private List<Long> taken(RateLimit limit, long seed) {
        Random random = new Random(seed);
        List<Long> times = new ArrayList<>();
        for (int i = 0; i < REQUESTS; i++) {
            boolean pause = random.nextInt(20) == 0;
            advanceTo(now + random.nextLong(pause ? 40_000 : 900));
            long cost = random.nextLong(3) + 1;
            if (take(limit, cost).admitted()) {
                times.addAll(Collections.nCopies((int) cost, now));
            }
        }
        return times;
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void take_smoothLimitUnderAnyLoad_admitsNoMoreThanTokensAndBurstInAnyPeriod(long seed) {
        RateLimit limit = RateLimit.of(20, Duration.ofSeconds(10)).withBurst(4).smooth();

        List<Long> times = taken(limit, seed);

        for (long begin : times) {
            assertThat(times.stream().filter(at -> at >= begin && at < begin + 10_000))
                    .as("seed %d, period from %d", seed, begin)
                    .hasSizeLessThanOrEqualTo(24);
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void take_windowsUnderAnyLoad_admitNoMoreThanTokensAndBurstInEach(long seed) {
        List<Long> times =
                taken(RateLimit.of(20, Duration.ofSeconds(10)).withBurst(4).inWindows(), seed);

        long end = Long.MIN_VALUE;
        long inWindow = 0;
        for (long at : times) {
            inWindow = at < end ? inWindow + 1 : 1;
            end = at < end ? end : at + 10_000;
            assertThat(inWindow).as("seed %d, window until %d", seed, end).isLessThanOrEqualTo(24);
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void take_alignedWindowsUnderAnyLoad_admitNoMoreThanTokensAndBurstInEach(long seed) {
        List<Long> times =
                taken(RateLimit.of(20, Duration.ofSeconds(10)).withBurst(4).inAlignedWindows(), seed);

        assertThat(times.stream().collect(Collectors.groupingBy(at -> at / 10_000)))
                .as("seed %d", seed)
                .allSatisfy((window, inWindow) -> assertThat(inWindow).hasSizeLessThanOrEqualTo(24));
    }
}
