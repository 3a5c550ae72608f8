package dev.millpond.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TierTest {

    @Test
    void constants_ofThePlans_haveTheirLimits() {
        assertThat(Tier.FREE.limit().capacity()).isEqualTo(12);
        assertThat(Tier.STANDARD.limit().capacity()).isEqualTo(120);
        assertThat(Tier.PRO.limit().capacity()).isEqualTo(1_100);
        assertThat(Tier.ENTERPRISE.limit().capacity()).isEqualTo(11_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Free", "-free", "a b", "a:b", "ä"})
    void of_nameUnfitForKeysAndMetrics_isRefused(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tier.of(name, RateLimit.perMinute(1)))
                .withMessage("Tier name '" + name + "' must be 1 to 64 lower-case letters, digits or hyphens, and not"
                        + " begin with a hyphen. Use a name such as 'free'.");
    }

    @Test
    void of_twoLimits_takesNoMoreThanTheSmallerHolds() {
        Tier tier = Tier.of("pro", RateLimit.of(1_000, Duration.ofDays(1)), RateLimit.perSecond(10));

        assertThat(tier.limits()).containsExactly(RateLimit.of(1_000, Duration.ofDays(1)), RateLimit.perSecond(10));
        assertThat(tier.limit()).isEqualTo(RateLimit.of(1_000, Duration.ofDays(1)));
        assertThat(tier.capacity()).isEqualTo(10);
    }

    @Test
    void of_twoLimitsOfOnePeriod_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tier.of("pro", RateLimit.perMinute(10), RateLimit.of(5, Duration.ofSeconds(60))))
                .withMessage("Tier 'pro' has two limits per PT1M, must have one per period. Leave one out, or give it"
                        + " another period.");
    }

    @Test
    void new_noLimit_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Tier("pro", List.of()))
                .withMessage("Tier 'pro' has no limit. Give it for example RateLimit.perMinute(10).");
    }

    @Test
    void withLease_ofNoSize_isAHundredthOfTheCapacity() {
        assertThat(Tier.ENTERPRISE.lease()).isZero();
        assertThat(Tier.ENTERPRISE.withLease().lease()).isEqualTo(110);
        assertThat(Tier.FREE.withLease().lease()).isEqualTo(2);
        assertThat(Tier.ENTERPRISE.withLease(500))
                .isEqualTo(new Tier("enterprise", Tier.ENTERPRISE.limits(), Optional.empty(), 500));
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 1, 13})
    void withLease_outOfRange_isRefused(long tokens) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tier.FREE.withLease(tokens))
                .withMessage(
                        "Lease of tier 'free' is " + tokens + " tokens, must be 2 or more and no more than the tier's"
                                + " capacity of 12. Use a hundredth of the capacity, or leave it out.");
    }

    @Test
    void withLease_zero_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tier.FREE.withLease(0))
                .withMessage(
                        "Lease of tier 'free' is 0 tokens, must be 2 or more. Leave it out for a tier without leases.");
    }
}
