package dev.millpond.ratelimit.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.ratelimit.Tier;
import dev.millpond.ratelimit.spi.LimitEngine.Take;
import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LeaseSizesTest {

    private static final Take TAKE = new Take("bucket", Tier.PRO.limits(), Optional.empty(), 100);

    private final FakeTicker ticker = new FakeTicker();
    private final LeaseSizes sizes = new LeaseSizes(ticker);

    private long next(Long... costs) {
        return sizes.next(TAKE, List.of(costs)).tokens();
    }

    @Test
    void next_firstRequestInALongTime_asksForNothing() {
        assertThat(next(1L)).isZero();
        ticker.advance(Duration.ofSeconds(1));

        assertThat(next(1L)).isZero();
    }

    @Test
    void next_secondRequest_asksForAFew() {
        next(1L);
        ticker.advance(Duration.ofMillis(900));

        assertThat(next(1L)).isEqualTo(4);
    }

    @Test
    void next_largeCosts_asksForSomeOfThem() {
        next(1L);

        assertThat(next(5L, 2L)).isEqualTo(20);
        assertThat(next(50L)).isEqualTo(100);
        assertThat(next(Long.MAX_VALUE)).isEqualTo(100);
    }

    @Test
    void used_allOfTheLease_doublesItUpToTheMost() {
        next(1L);
        sizes.used("bucket", 4, 4);
        assertThat(next(1L)).isEqualTo(8);
        sizes.used("bucket", 64, 64);

        assertThat(next(1L)).isEqualTo(100);
    }

    @Test
    void used_partOfTheLease_followsWhatWasUsed() {
        next(1L);
        sizes.used("bucket", 100, 20);

        assertThat(next(1L)).isEqualTo(30);
    }

    @Test
    void used_hardlyAnything_pausesOnce() {
        next(1L);
        sizes.used("bucket", 4, 1);

        assertThat(next(1L)).isZero();
        assertThat(next(1L)).isEqualTo(4);
    }

    @Test
    void next_clientThatDidNotUseItsLeaseUp_mayBeLentForLonger() {
        next(1L);
        assertThat(sizes.next(TAKE, List.of(1L)).share()).isEqualTo(200);
        sizes.used("bucket", 100, 20);
        assertThat(sizes.next(TAKE, List.of(1L)).share()).isEqualTo(10);
        sizes.used("bucket", 30, 30);

        assertThat(sizes.next(TAKE, List.of(1L)).share()).isEqualTo(200);
    }
}
