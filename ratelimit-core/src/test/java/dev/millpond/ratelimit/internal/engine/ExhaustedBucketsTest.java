package dev.millpond.ratelimit.internal.engine;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.Tier;
import dev.millpond.ratelimit.internal.engine.TakeCommand.Taken;
import dev.millpond.ratelimit.spi.LimitEngine.BucketState;
import dev.millpond.ratelimit.spi.LimitEngine.Take;
import dev.millpond.testkit.FakeTicker;
import io.github.bucket4j.distributed.remote.MutableBucketEntry;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ExhaustedBucketsTest {

    private static final List<RateLimit> FREE = Tier.FREE.limits();
    private static final List<Take> BUCKET = List.of(new Take("bucket", FREE));

    private final FakeTicker ticker = new FakeTicker();
    private final ExhaustedBuckets exhausted = new ExhaustedBuckets(ticker);

    /** What Redis has. */
    private final MutableBucketEntry entry = new MutableBucketEntry((byte[]) null);

    /** Asks Redis, which decides so long after it was asked, and whose answer takes so long again. */
    private void ask(Duration there, Duration back, Long... costs) {
        ExhaustedBuckets.Question question = exhausted.ask(BUCKET);
        ticker.advance(there);
        Taken taken = decide(costs);
        ticker.advance(back);
        question.answered(List.of(taken));
    }

    private Taken decide(Long... costs) {
        return new TakeCommand(Shape.of(FREE), List.of(costs), RedisLimitEngine.CLOCK_PRECISION)
                .decide(entry, 1_000_000_000_000_000_000L + ticker.read());
    }

    private void askAtOnce(Long... costs) {
        ask(Duration.ZERO, Duration.ZERO, costs);
    }

    private @Nullable BucketState denial(long cost) {
        return denial("bucket", FREE, cost);
    }

    private @Nullable BucketState denial(String bucket, List<RateLimit> limits, long cost) {
        List<BucketState> denial = exhausted.denial(List.of(new Take(bucket, limits)), cost);
        return denial == null ? null : denial.get(0);
    }

    @Test
    void denial_nothingWasDenied_isUnknown() {
        askAtOnce(12L);

        assertThat(denial(1)).isNull();
    }

    @Test
    void knownToLack_lastTokenWasTaken_isTrueUntilTheNextCanBeThere() {
        askAtOnce(11L);
        assertThat(exhausted.knownToLack(BUCKET, 2)).isFalse();
        askAtOnce(1L);
        ticker.advance(Duration.ofMillis(5_999));

        assertThat(exhausted.knownToLack(BUCKET, 1)).isTrue();
        assertThat(exhausted.knownToLack(BUCKET, 0)).isFalse();
        ticker.advance(Duration.ofMillis(1));
        assertThat(exhausted.knownToLack(BUCKET, 1)).isFalse();
    }

    @Test
    void denial_emptiedAfterADenial_isStillKnown() {
        askAtOnce(8L, 5L);
        askAtOnce(4L);

        assertThat(denial(1)).isEqualTo(decide(1L).answers().get(0));
        assertThat(exhausted.knownToLack(BUCKET, 1)).isTrue();
        exhausted.forget("bucket");
        assertThat(exhausted.knownToLack(BUCKET, 1)).isFalse();
    }

    @Test
    void denial_emptiedWhenTheDenialIsOutOfDate_isUnknown() {
        askAtOnce(12L, 1L);
        ticker.advance(Duration.ofSeconds(6));
        askAtOnce(1L);

        assertThat(exhausted.knownToLack(BUCKET, 1)).isTrue();
        assertThat(denial(1)).isNull();
    }

    @Test
    void denial_afterADenial_isThatOfRedisUntilTheTokenCanBeThere() {
        askAtOnce(12L, 1L);
        ticker.advance(Duration.ofSeconds(2));

        assertThat(denial(1)).isEqualTo(decide(1L).answers().get(0));
        assertThat(denial(2)).isEqualTo(decide(2L).answers().get(0));
        assertThat(denial(13)).isEqualTo(decide(13L).answers().get(0));
        ticker.advance(Duration.ofMillis(3_999));
        assertThat(denial(1)).isNotNull();
        ticker.advance(Duration.ofMillis(1));
        assertThat(denial(1)).isNull();
    }

    @Test
    void denial_windowThatIsUsedUp_isThatOfRedisUntilItEnds() {
        List<RateLimit> limits = List.of(
                RateLimit.perMinute(10).inWindows(),
                RateLimit.of(1_000, Duration.ofDays(1)).inAlignedWindows());
        MutableBucketEntry window = new MutableBucketEntry((byte[]) null);
        ExhaustedBuckets.Question question = exhausted.ask(List.of(new Take("bucket", limits)));
        question.answered(List.of(take(window, limits, 10L, 1L)));
        ticker.advance(Duration.ofMillis(59_999));

        assertThat(denial("bucket", limits, 1))
                .isEqualTo(take(window, limits, 1L).answers().get(0));
        ticker.advance(Duration.ofMillis(1));
        assertThat(denial("bucket", limits, 1)).isNull();
    }

    private Taken take(MutableBucketEntry bucket, List<RateLimit> limits, Long... costs) {
        return new TakeCommand(Shape.of(limits), List.of(costs), RedisLimitEngine.CLOCK_PRECISION)
                .decide(bucket, 1_000_000_000_000_000_000L + ticker.read());
    }

    @Test
    void denial_lowerCostThanTheOneDenied_isUnknownIfItIsThere() {
        askAtOnce(8L, 5L);

        assertThat(denial(5)).isNotNull();
        assertThat(denial(4)).isNull();
        assertThat(denial(0)).isNull();
    }

    @Test
    void denial_slowAnswer_endsAsIfRedisHadDecidedAtOnceAndTellsToWaitAsIfItHadDecidedLast() {
        ask(Duration.ofMillis(30), Duration.ofMillis(20), 12L, 1L);

        assertThat(requireNonNull(denial(1)).nanosToAdmit())
                .isEqualTo(Duration.ofSeconds(6).toNanos());
        ticker.advance(Duration.ofMillis(5_949));
        assertThat(requireNonNull(denial(1)).nanosToAdmit())
                .isEqualTo(Duration.ofMillis(51).toNanos());
        ticker.advance(Duration.ofMillis(1));
        assertThat(denial(1)).isNull();
    }

    @Test
    void denial_otherLimits_isUnknown() {
        askAtOnce(12L, 1L);

        assertThat(denial("bucket", Tier.PRO.limits(), 1)).isNull();
        assertThat(denial("other", FREE, 1)).isNull();
    }

    @Test
    void denial_costAboveTheCapacity_isKnownForASecond() {
        askAtOnce(13L);

        assertThat(requireNonNull(denial(13)).nanosToAdmit()).isEqualTo(Long.MAX_VALUE);
        ticker.advance(Duration.ofSeconds(1));
        assertThat(denial(13)).isNull();
    }

    @Test
    void forget_bucket_isUnknown() {
        askAtOnce(12L, 1L);

        exhausted.forget("bucket");

        assertThat(denial(1)).isNull();
    }

    @Test
    void forget_whileAQuestionIsOnItsWay_doesNotRememberItsAnswer() {
        ExhaustedBuckets.Question question = exhausted.ask(BUCKET);
        Taken taken = decide(12L, 1L);
        exhausted.forget("bucket");

        question.answered(List.of(taken));

        assertThat(denial(1)).isNull();
        askAtOnce(1L);
        assertThat(denial(1)).isNotNull();
    }

    @Test
    void forgetAll_whileAQuestionIsOnItsWay_doesNotRememberItsAnswer() {
        askAtOnce(12L, 1L);
        ExhaustedBuckets.Question question = exhausted.ask(BUCKET);
        exhausted.forgetAll();
        assertThat(denial(1)).isNull();

        question.answered(List.of(decide(1L)));

        assertThat(denial(1)).isNull();
    }
}
