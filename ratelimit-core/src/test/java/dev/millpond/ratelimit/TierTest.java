package dev.millpond.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

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
}
