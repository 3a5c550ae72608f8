package dev.millpond.cache.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.testkit.FakeTicker;
import java.util.List;
import org.junit.jupiter.api.Test;

class StampTest {

    private final TagTable table = Fixtures.table(new FakeTicker());

    @Test
    void coversAllOf_sameEpoch_comparesTheNumbers() {
        Stamp earlier = table.stamp();
        table.apply(1, List.of("t:x"));
        Stamp later = table.stamp();

        assertThat(later.coversAllOf(earlier)).isTrue();
        assertThat(later.coversAllOf(later)).isTrue();
        assertThat(earlier.coversAllOf(later)).isFalse();
    }

    @Test
    void coversAllOf_otherEpoch_isFalse() {
        Stamp old = table.stamp();
        table.reset("e2", 0);
        Stamp fresh = table.stamp();

        assertThat(fresh.coversAllOf(old)).isFalse();
        assertThat(old.coversAllOf(fresh)).isFalse();
    }

    @Test
    void coversAllOf_distrustedSince_isFalse() {
        Stamp old = table.stamp();
        table.distrust();

        assertThat(table.stamp().coversAllOf(old)).isFalse();
    }
}
