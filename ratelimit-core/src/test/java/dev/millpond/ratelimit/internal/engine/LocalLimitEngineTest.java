package dev.millpond.ratelimit.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.internal.LimitEngineContract;
import dev.millpond.ratelimit.spi.LimitEngine;
import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocalLimitEngineTest extends LimitEngineContract {

    private final FakeTicker ticker = new FakeTicker();
    private final LocalLimitEngine engine = new LocalLimitEngine(ticker);

    @Override
    protected LimitEngine engine() {
        return engine;
    }

    @Override
    protected void advance(Duration time) {
        ticker.advance(time);
    }

    @Override
    protected Duration precision() {
        return Duration.ofNanos(1);
    }

    @Test
    void take_bucketFullAgain_isForgotten() {
        engine.take("bucket", List.of(RateLimit.perMinute(10).withBurst(2)), 12);
        assertThat(engine.size()).isEqualTo(1);

        ticker.advance(Duration.ofSeconds(71));
        assertThat(engine.size()).isEqualTo(1);
        ticker.advance(Duration.ofSeconds(2));
        assertThat(engine.size()).isZero();
    }

    @Test
    void take_slowerLimit_keepsTheBucketForAsLongAsThatNeeds() {
        engine.take("bucket", List.of(RateLimit.perSecond(1)), 1);
        engine.take("bucket", List.of(RateLimit.of(1, Duration.ofDays(1))), 1);
        ticker.advance(Duration.ofHours(23));

        assertThat(engine.size()).isEqualTo(1);
    }

    @Test
    void take_usedTwiceWithinASecond_keepsTheBucketUntilItsWindowEnds() {
        List<RateLimit> window =
                List.of(RateLimit.of(20, Duration.ofSeconds(10)).inWindows());
        engine.take("bucket", window, 20);
        ticker.advance(Duration.ofMillis(9_500));
        engine.take("bucket", window, 1);
        ticker.advance(Duration.ofMillis(600));
        engine.take("bucket", window, 2);
        ticker.advance(Duration.ofMillis(9_900));

        assertThat(engine.take("bucket", window, 1).toCompletableFuture().join().remaining())
                .isEqualTo(17);
    }

    @ParameterizedTest
    @CsvSource({"23, 11", "25, 1"})
    void grant_moreThanTheCapacity_isKeptForADay(int hours, long remaining) {
        List<RateLimit> limit = List.of(RateLimit.perSecond(1));
        engine.grant("bucket", limit, 10);
        ticker.advance(Duration.ofHours(hours));

        assertThat(engine.peek("bucket", limit).toCompletableFuture().join().remaining())
                .isEqualTo(remaining);
    }

    @Test
    void grant_beyondTheCapacityOfOneLimit_keepsTheBucketUntilTheOtherIsFull() {
        List<RateLimit> limits = List.of(RateLimit.perMinute(5), RateLimit.of(10, Duration.ofDays(30)));
        engine.take("bucket", limits, 5);
        ticker.advance(Duration.ofMinutes(1));
        engine.take("bucket", limits, 5);
        engine.grant("bucket", limits, 6);
        ticker.advance(Duration.ofDays(2));

        assertThat(engine.peek("bucket", limits).toCompletableFuture().join().levels())
                .extracting(LimitEngine.Level::remaining)
                .containsExactly(6L, 6L);
    }

    @Test
    void take_allThatWasGranted_isForgottenWhenFull() {
        List<RateLimit> limit = List.of(RateLimit.perSecond(1));
        engine.grant("bucket", limit, 10);
        engine.take("bucket", limit, 11);
        ticker.advance(Duration.ofSeconds(2));

        assertThat(engine.size()).isZero();
    }

    @Test
    void take_moreBucketsThanTheBound_forgetsSome() {
        List<RateLimit> limit = List.of(RateLimit.perMinute(1));
        for (int i = 0; i < LocalLimitEngine.MAXIMUM_BUCKETS + 20_000; i++) {
            engine.take("bucket" + i, limit, 1);
        }

        assertThat(engine.size()).isLessThanOrEqualTo(LocalLimitEngine.MAXIMUM_BUCKETS);
    }

    @Test
    void close_withBuckets_forgetsThem() {
        engine.take("bucket", List.of(RateLimit.perMinute(1)), 1);

        engine.close();

        assertThat(engine.size()).isZero();
    }
}
