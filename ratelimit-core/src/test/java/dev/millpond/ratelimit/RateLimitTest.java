package dev.millpond.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.millpond.ratelimit.RateLimit.Shape;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RateLimitTest {

    @Test
    void perMinute_withBurst_holdsBoth() {
        RateLimit limit = RateLimit.perMinute(10).withBurst(2);

        assertThat(limit).isEqualTo(new RateLimit(10, Duration.ofMinutes(1), 2));
        assertThat(limit.capacity()).isEqualTo(12);
    }

    @Test
    void perSecond_withoutBurst_holdsOneSecondOfTokens() {
        assertThat(RateLimit.perSecond(5)).isEqualTo(new RateLimit(5, Duration.ofSeconds(1), 0));
    }

    @Test
    void new_noTokens_saysWhatToGive() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RateLimit.perMinute(0))
                .withMessage("Rate limit tokens is 0, must be at least 1. Give the tokens refilled per period.");
    }

    @Test
    void new_negativeBurst_saysWhatToGive() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RateLimit.perMinute(10).withBurst(-1))
                .withMessage("Rate limit burst is -1, must be 0 or more. Use 0 for a limit without a burst.");
    }

    @Test
    void new_periodBelowOneMillisecond_saysWhatToGive() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RateLimit.of(1, Duration.ofNanos(999_999)))
                .withMessage("Rate limit period is PT0.000999999S, must be at least 1 ms."
                        + " Give a period such as Duration.ofMinutes(1).");
    }

    @Test
    void new_negativePeriodTooLongForNanos_isRefusedAsTooShort() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RateLimit.of(1, Duration.ofDays(-1_000_000)))
                .withMessageContaining("must be at least 1 ms");
    }

    @Test
    void new_moreThanOneTokenPerNanosecond_isRefused() {
        assertThat(RateLimit.of(1_000_000, Duration.ofMillis(1)).capacity()).isEqualTo(1_000_000);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RateLimit.of(1_000_001, Duration.ofMillis(1)))
                .withMessage("Rate limit of 1000001 tokens per PT0.001S refills more than one token per nanosecond."
                        + " Give fewer tokens or a longer period.");
    }

    @Test
    void new_refillOverACentury_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RateLimit.of(1, Duration.ofDays(366)).withBurst(200))
                .withMessage("Rate limit of 1 tokens per PT8784H with burst 200 takes more than 100 years to refill."
                        + " Give more tokens, a shorter period or less burst.");
    }

    @Test
    void new_periodBeyondNanoseconds_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RateLimit.of(1, Duration.ofSeconds(Long.MAX_VALUE)))
                .withMessageContaining("takes more than 100 years to refill");
    }

    @Test
    void new_burstThatWouldOverflowTheCapacity_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RateLimit.perSecond(1).withBurst(Long.MAX_VALUE))
                .withMessageContaining("takes more than 100 years to refill");
    }

    @Test
    void smooth_anyBurst_holdsOneMoreThanIt() {
        RateLimit limit = RateLimit.perMinute(10).withBurst(2).smooth();

        assertThat(limit).isEqualTo(new RateLimit(10, Duration.ofMinutes(1), 2, Shape.SMOOTH));
        assertThat(limit.capacity()).isEqualTo(3);
        assertThat(RateLimit.perMinute(10).smooth().capacity()).isEqualTo(1);
    }

    @Test
    void inWindows_withBurst_holdBoth() {
        RateLimit limit = RateLimit.perMinute(10).inWindows().withBurst(2);

        assertThat(limit).isEqualTo(new RateLimit(10, Duration.ofMinutes(1), 2, Shape.WINDOW));
        assertThat(limit.capacity()).isEqualTo(12);
        assertThat(limit.inAlignedWindows().shape()).isEqualTo(Shape.ALIGNED_WINDOW);
    }

    @Test
    void inWindows_moreThanOneTokenPerNanosecondWithTheBurst_isRefused() {
        RateLimit limit = RateLimit.of(1_000_000, Duration.ofMillis(1)).withBurst(1);

        assertThatIllegalArgumentException()
                .isThrownBy(limit::inWindows)
                .withMessage("Rate limit of 1000000 tokens per PT0.001S with burst 1 refills more than one token per"
                        + " nanosecond. Give fewer tokens or a longer period.");
    }

    @Test
    void smooth_burstThatWouldTakeACenturyToRefill_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RateLimit.of(1, Duration.ofDays(366)).smooth().withBurst(200))
                .withMessageContaining("takes more than 100 years to refill");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RateLimit.perSecond(1).smooth().withBurst(Long.MAX_VALUE))
                .withMessageContaining("takes more than 100 years to refill");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RateLimit(1_000, Duration.ofSeconds(Long.MAX_VALUE), 0, Shape.SMOOTH))
                .withMessageContaining("takes more than 100 years to refill");
    }

    @Test
    void inWindows_longerThanACentury_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RateLimit(1, Duration.ofSeconds(Long.MAX_VALUE), Long.MAX_VALUE, Shape.WINDOW))
                .withMessageContaining("takes more than 100 years to refill");
    }
}
