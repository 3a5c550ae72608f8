package dev.millpond.ratelimit.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.ratelimit.RateLimit;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RefillTest {

    @ParameterizedTest
    @CsvSource({
        "10, 60, 1, 0, 6000000000",
        "10, 60, 12, 0, 72000000000",
        "10, 60, 1, 30000000000, 3000000000",
        "7, 60, 1, 0, 8571428572",
        "7, 60, 7, 0, 60000000000",
        "7, 60, 1, 59999999999, 1",
        "1000000000, 1, 1, 0, 1",
        "1, 3155760000, 1, 0, 3155760000000000000",
    })
    void nanosUntil_missingTokens_isRoundedUp(long tokens, long seconds, long missing, long remainder, long nanos) {
        RateLimit limit = RateLimit.of(tokens, Duration.ofSeconds(seconds));

        assertThat(Refill.nanosUntil(limit, missing, remainder)).isEqualTo(nanos);
    }

    @Test
    void nanosUntil_productsBeyondLong_areExact() {
        Random random = new Random(42);
        for (int i = 0; i < 1_000; i++) {
            long period = random.nextLong(1_000_000, Duration.ofDays(30).toNanos());
            long tokens = random.nextLong(1, period);
            long missing = random.nextLong(1, tokens);
            long remainder = random.nextLong(0, period);
            BigDecimal exact = BigDecimal.valueOf(missing)
                    .multiply(BigDecimal.valueOf(period))
                    .subtract(BigDecimal.valueOf(remainder))
                    .divide(BigDecimal.valueOf(tokens), 0, RoundingMode.CEILING);

            assertThat(Refill.nanosUntil(RateLimit.of(tokens, Duration.ofNanos(period)), missing, remainder))
                    .isEqualTo(exact.longValueExact());
        }
    }

    @Test
    void timeToFill_emptyBucket_countsTheBurst() {
        assertThat(Refill.timeToFill(RateLimit.perMinute(10).withBurst(2))).isEqualTo(Duration.ofSeconds(72));
        assertThat(Refill.timeToFill(RateLimit.perMinute(10).withBurst(2).smooth()))
                .isEqualTo(Duration.ofSeconds(18));
        assertThat(Refill.timeToFill(RateLimit.perMinute(10).withBurst(2).inWindows()))
                .isEqualTo(Duration.ofSeconds(60));
    }
}
