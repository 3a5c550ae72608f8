package dev.millpond.cache.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LifetimeTest {

    private final Lifetime lifetime = new Lifetime(5, 1_000, 3_000);

    @Test
    void fresh_untilItsEnd_isTrue() {
        assertThat(lifetime.fresh(999)).isTrue();
        assertThat(lifetime.fresh(1_000)).isFalse();
    }

    @Test
    void usable_untilItsEnd_isTrue() {
        assertThat(lifetime.usable(2_999)).isTrue();
        assertThat(lifetime.usable(3_000)).isFalse();
    }

    @Test
    void fresh_tickerWrapsAround_isMeasuredAllTheSame() {
        Lifetime wrapping = new Lifetime(0, Long.MAX_VALUE + 100, Long.MAX_VALUE + 100);

        assertThat(wrapping.fresh(Long.MAX_VALUE)).isTrue();
        assertThat(wrapping.usable(Long.MAX_VALUE + 99)).isTrue();
        assertThat(wrapping.fresh(Long.MAX_VALUE + 100)).isFalse();
    }

    @Test
    void freshFor_less_endsFreshnessHereEarlierAndLeavesTheRest() {
        Lifetime limited = lifetime.freshFor(200, 300);

        assertThat(limited).isEqualTo(new Lifetime(5, 1_000, 3_000, 500));
        assertThat(limited.fresh(499)).isTrue();
        assertThat(limited.fresh(500)).isFalse();
    }

    @Test
    void freshFor_atLeastWhatIsLeft_isTheSame() {
        assertThat(lifetime.freshFor(700, 300)).isSameAs(lifetime);
        assertThat(lifetime.freshFor(701, 300)).isSameAs(lifetime);
        assertThat(lifetime.freshFor(0, 2_000)).isSameAs(lifetime);
    }
}
