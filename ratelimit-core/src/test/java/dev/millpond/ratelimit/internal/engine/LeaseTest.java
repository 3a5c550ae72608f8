package dev.millpond.ratelimit.internal.engine;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.Tier;
import dev.millpond.ratelimit.spi.LimitEngine.BucketState;
import dev.millpond.testkit.FakeTicker;
import io.github.bucket4j.distributed.remote.MutableBucketEntry;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeaseTest {

    private static final long AT = Duration.ofDays(20_000).toNanos();
    private static final Shape SHAPE = Shape.of(Tier.PRO.limits()); // 1100, one per 60 ms

    private final FakeTicker ticker = new FakeTicker();

    /** Returns a lease of 10 of the bucket's tokens, which holds 990 besides. */
    private Lease lease(Ticker time) {
        MutableBucketEntry entry = new MutableBucketEntry((byte[]) null);
        new TakeCommand(SHAPE, List.of(110L), Duration.ofMillis(1)).execute(entry, AT);
        Lease.Level level = new Lease.Level(entry.get().getState(), AT, 0);
        return new Lease("a", SHAPE, 10, level, Duration.ofMillis(750).toNanos(), time);
    }

    @Test
    void take_tokensThatAreThere_tellsWhatTheBucketHoldsWithThem() {
        Lease lease = lease(ticker);
        ticker.advance(Duration.ofMillis(150));

        BucketState state = requireNonNull(lease.take(4));

        assertThat(state)
                .isEqualTo(BucketState.of(true, 998, Duration.ofMillis(30).toNanos(), 0));
        assertThat(lease.left()).isEqualTo(6);
    }

    @Test
    void take_moreThanIsLeft_takesNothing() {
        Lease lease = lease(ticker);

        assertThat(lease.take(11)).isNull();
        assertThat(lease.takeAll(List.of(6L, 5L))).isNull();
        assertThat(lease.takeAll(List.of(Long.MAX_VALUE, 1L))).isNull();
        assertThat(lease.left()).isEqualTo(10);
    }

    @Test
    void takeAll_tokensThatAreThere_answersInOrder() {
        Lease lease = lease(ticker);

        assertThat(requireNonNull(lease.takeAll(List.of(6L, 0L, 4L))).answers())
                .extracting(BucketState::remaining)
                .containsExactly(994L, 994L, 990L);
        assertThat(lease.left()).isZero();
    }

    @Test
    void take_timeIsOver_admitsNobody() {
        Lease lease = lease(ticker);
        ticker.advance(Duration.ofMillis(749));
        assertThat(lease.take(1)).isNotNull();

        ticker.advance(Duration.ofMillis(1));

        assertThat(lease.take(1)).isNull();
    }

    @Test
    void take_threadStandsStillWhileItTakes_admitsNobody() {
        Lease lease = lease(() -> {
            long now = ticker.read();
            ticker.advance(Duration.ofSeconds(1)); // after the first look, when the tokens are taken
            return now;
        });

        assertThat(lease.take(1)).isNull();
    }

    @Test
    void close_someUsed_returnsTheRestOnceAndAdmitsNobody() {
        Lease lease = lease(ticker);
        lease.take(3);

        assertThat(lease.close()).isEqualTo(7);
        assertThat(lease.close()).isNegative();
        assertThat(lease.take(0)).isNull();
        assertThat(lease.refund(1)).isNull();
    }

    @Test
    void refund_whatWasTaken_canBeTakenAgain() {
        Lease lease = lease(ticker);
        lease.take(3);

        assertThat(lease.refund(4)).isNull();
        assertThat(requireNonNull(lease.refund(3)).remaining()).isEqualTo(1_000);
        assertThat(lease.left()).isEqualTo(10);
    }

    @Test
    void isOf_otherLimits_isFalse() {
        assertThat(lease(ticker).isOf(Tier.PRO.limits())).isTrue();
        assertThat(lease(ticker).isOf(List.of(RateLimit.perMinute(1_000)))).isFalse();
    }
}
