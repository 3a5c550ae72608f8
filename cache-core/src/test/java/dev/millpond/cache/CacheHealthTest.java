package dev.millpond.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.entry;

import dev.millpond.runtime.HealthMonitor;
import dev.millpond.testkit.FakeTicker;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CacheHealthTest {

    private final CacheRegistry caches = CacheRegistry.builder().build();
    private final HealthMonitor health = HealthMonitor.builder()
            .source(CacheHealth.of(caches))
            .ticker(new FakeTicker())
            .build();

    @AfterEach
    void close() {
        health.close();
        caches.close();
    }

    @Test
    void report_withoutRedis_knowsTheInvalidations() {
        assertThat(health.report().checks()).contains(entry("invalidations", "known"));
        assertThat(health.report().metrics()).containsExactly(entry("caches", 0));
    }

    @Test
    void report_severalCaches_hasTheHitRateOfAllTogether() {
        Cache<String, Integer> one = caches.newCache("one", Integer.class).build();
        Cache<String, Integer> other = caches.newCache("other", Integer.class).build();
        one.get("key", key -> 1);
        one.get("key", key -> 1);
        one.get("key", key -> 1);
        other.get("key", key -> 1);

        assertThat(health.report().metrics())
                .containsExactly(entry("caches", 2), entry("hitRate1m", 0.5), entry("hitRate5m", 0.5));
    }

    @Test
    @SuppressWarnings("NullAway") // The mistake under test.
    void of_noRegistry_isRefused() {
        assertThatNullPointerException()
                .isThrownBy(() -> CacheHealth.of(null))
                .withMessage("Cache health: registry is null. Give the application's CacheRegistry.");
    }
}
