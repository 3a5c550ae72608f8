package dev.millpond.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class InFlightLimitTest {

    @Test
    void of_number_hasATimeoutOfAMinute() {
        assertThat(InFlightLimit.of(3)).isEqualTo(new InFlightLimit(3, Duration.ofSeconds(60)));
    }

    @Test
    void of_lessThanOne_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> InFlightLimit.of(0))
                .withMessage("In-flight limit is 0, must be at least 1."
                        + " Give the requests that may be under way at the same time.");
    }

    @Test
    void new_timeoutOutOfRange_isRefused() {
        for (Duration timeout :
                List.of(Duration.ofMillis(999), Duration.ofDays(1).plusNanos(1))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new InFlightLimit(1, timeout))
                    .withMessage(
                            "In-flight limit timeout is " + timeout
                                    + ", must be 1 s to 1 day. Use a time that no request takes, such as Duration.ofSeconds(60).");
        }
        assertThat(new InFlightLimit(1, Duration.ofSeconds(1)).timeout()).isEqualTo(Duration.ofSeconds(1));
        assertThat(new InFlightLimit(1, Duration.ofDays(1)).timeout()).isEqualTo(Duration.ofDays(1));
    }

    @Test
    void withInFlight_tier_keepsTheRest() {
        Tier tier = Tier.PRO.withInFlight(20);

        assertThat(tier.name()).isEqualTo("pro");
        assertThat(tier.limits()).isEqualTo(Tier.PRO.limits());
        assertThat(tier.inFlight()).contains(InFlightLimit.of(20));
        assertThat(Tier.PRO.inFlight()).isEmpty();
        assertThat(new Tier("pro", Tier.PRO.limits())).isEqualTo(Tier.PRO);
    }

    @Test
    @SuppressWarnings("NullAway")
    void withInFlight_null_isRefused() {
        assertThatNullPointerException()
                .isThrownBy(() -> Tier.PRO.withInFlight(null))
                .withMessage("In-flight limit of tier 'pro' is null. Use for example InFlightLimit.of(10).");
        assertThatNullPointerException()
                .isThrownBy(() -> new Tier("pro", Tier.PRO.limits(), null, 0))
                .withMessage("In-flight limit of tier 'pro' is null. Use Optional.empty().");
        assertThat(new Tier("pro", Tier.PRO.limits(), Optional.empty(), 0)).isEqualTo(Tier.PRO);
    }
}
