package dev.millpond.ratelimit.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.internal.engine.TakeCommand.Taken;
import dev.millpond.ratelimit.spi.LimitEngine.BucketState;
import dev.millpond.ratelimit.spi.LimitEngine.Take;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LocalBucketsTest {

    private static final List<RateLimit> TEN_A_SECOND = List.of(RateLimit.perSecond(10));
    private static final List<RateLimit> TEN_AN_HOUR = List.of(RateLimit.of(10, Duration.ofHours(1)));

    private final Queue<Runnable> sweeps = new ArrayDeque<>();
    private final LocalBuckets buckets = new LocalBuckets(1_000, sweeps::add, 0);

    @Test
    void holding_othersFullForAWhile_forgetsThem() {
        take("full again", TEN_A_SECOND, 10, 0);
        take("not yet", TEN_AN_HOUR, 10, 0);

        take("now", TEN_A_SECOND, 1, seconds(1.5));
        sweep();

        assertThat(buckets.size(0)).isEqualTo(2);
    }

    @Test
    void holding_oftenWithinASecond_sweepsOnce() {
        take("bucket", TEN_A_SECOND, 1, seconds(1.1));
        take("bucket", TEN_A_SECOND, 1, seconds(1.2));
        take("bucket", TEN_A_SECOND, 1, seconds(2.0));
        assertThat(sweeps).hasSize(1);
        sweep();

        take("bucket", TEN_A_SECOND, 1, seconds(2.0));
        assertThat(sweeps).isEmpty();
        take("bucket", TEN_A_SECOND, 1, seconds(2.2));
        assertThat(sweeps).hasSize(1);
    }

    @Test
    void holding_sweepsAreNotRun_asksForNoFurther() {
        take("bucket", TEN_A_SECOND, 1, seconds(2));
        take("bucket", TEN_A_SECOND, 1, seconds(60));

        assertThat(sweeps).hasSize(1);
    }

    @Test
    void holding_severalOfWhichOneMustBeFull_takesFromANewOneThatOthersFind() {
        take("first", TEN_AN_HOUR, 1, 0);
        take("second", TEN_A_SECOND, 10, 0);
        List<Take> takes = List.of(new Take("second", TEN_A_SECOND), new Take("first", TEN_AN_HOUR));

        List<Taken> taken = buckets.holding(
                takes,
                seconds(1.4),
                (entries, at) -> new JointTake(takes, List.of(Wanted.tokens(9)), Duration.ofNanos(1))
                        .decide(entries, List.of(), at));

        assertThat(taken)
                .allSatisfy(
                        bucket -> assertThat(bucket.answers()).singleElement().matches(BucketState::admitted));
        assertThat(take("first", TEN_AN_HOUR, 1, seconds(1.4)).admitted()).isFalse();
        assertThat(take("second", TEN_A_SECOND, 2, seconds(1.4)).admitted()).isFalse();
    }

    @Test
    void holding_oneThatMustBeFull_takesFromANewOneThatOthersFind() {
        take("bucket", TEN_A_SECOND, 10, 0);

        assertThat(take("bucket", TEN_A_SECOND, 10, seconds(1.4)).admitted()).isTrue();
        assertThat(take("bucket", TEN_A_SECOND, 1, seconds(1.45)).admitted()).isFalse();
    }

    @Test
    void holding_newOneByAnEarlierClockThanASweep_isAsLateAsTheSweep() {
        take("bucket", TEN_A_SECOND, 10, 0);
        take("another", TEN_A_SECOND, 1, seconds(1.2));
        sweep();

        assertThat(take("bucket", TEN_A_SECOND, 10, seconds(0.1)).admitted()).isTrue();
        assertThat(take("bucket", TEN_A_SECOND, 1, seconds(1.2)).admitted()).isFalse();
    }

    @Test
    void usedAt_over_isTheMomentAtWhichThatWasFound() {
        LocalTokens tokens = new LocalTokens(Shape.of(TEN_A_SECOND), 0);

        tokens.isOver(seconds(1.2));
        tokens.isOver(seconds(0.1));
        tokens.isOver(seconds(1.3));

        assertThat(tokens.usedAt()).isEqualTo(seconds(1.2));
    }

    @Test
    void holding_severalOfWhichOneWasUsedLater_usesAllThen() {
        take("second", TEN_A_SECOND, 1, seconds(0.9));
        List<Take> takes = List.of(new Take("first", TEN_A_SECOND), new Take("second", TEN_A_SECOND));

        buckets.holding(
                takes,
                seconds(0.1),
                (entries, at) -> new JointTake(takes, List.of(Wanted.tokens(9)), Duration.ofNanos(1))
                        .decide(entries, List.of(), at));

        assertThat(take("first", TEN_A_SECOND, 5, seconds(1.2)).admitted()).isFalse();
    }

    @Test
    void run_foundOverBySomebodyWithALaterClock_takesNothing() {
        LocalTokens tokens = new LocalTokens(Shape.of(TEN_A_SECOND), 0);
        assertThat(tokens.isOver(seconds(1))).isFalse();
        assertThat(tokens.isOver(seconds(1) + 1)).isTrue();

        assertThat(take(tokens, 1, seconds(0.5))).isNull();
    }

    @Test
    void run_withAnEarlierClockThanOthers_keepsItForAsLongAsTheyNeed() {
        LocalTokens tokens = new LocalTokens(Shape.of(TEN_A_SECOND), 0);
        assertThat(take(tokens, 1, seconds(0.9))).isNotNull();
        assertThat(take(tokens, 1, seconds(0.8))).isNotNull();

        assertThat(tokens.isOver(seconds(1.85))).isFalse();
        assertThat(tokens.isOver(seconds(1.95))).isTrue();
    }

    private BucketState take(String bucket, List<RateLimit> limits, long cost, long now) {
        return buckets.holding(bucket, limits, now, (held, at) -> decide(held, at, cost));
    }

    private static @Nullable BucketState take(LocalTokens tokens, long cost, long now) {
        return tokens.run(TEN_A_SECOND, now, (held, at) -> decide(held, at, cost));
    }

    private static BucketState decide(LocalTokens held, long at, long cost) {
        return TakeCommand.take(held.shape(), held.entry(), cost, at, Duration.ofNanos(1));
    }

    private void sweep() {
        while (!sweeps.isEmpty()) {
            sweeps.remove().run();
        }
    }

    private static long seconds(double seconds) {
        return (long) (seconds * Duration.ofSeconds(1).toNanos());
    }
}
