package dev.millpond.examples.standings.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.ratelimit.Tier;
import org.junit.jupiter.api.Test;

class ApiKeysTest {

    private final ApiKeys keys = new ApiKeys();

    @Test
    void resolve_demoKeys_haveOneTierEach() {
        assertThat(keys.resolve("demo-free")).contains(Tier.FREE);
        assertThat(keys.resolve("demo-standard")).contains(Tier.STANDARD);
        assertThat(keys.resolve("demo-pro")).contains(Tier.PRO);
        assertThat(keys.resolve("demo-enterprise")).contains(Tier.ENTERPRISE);
    }

    @Test
    void isKnown_demoKey_isTrue() {
        assertThat(keys.isKnown("demo-pro")).isTrue();
    }

    @Test
    void resolve_otherKey_isEmpty() {
        assertThat(keys.resolve("demo")).isEmpty();
        assertThat(keys.isKnown("demo")).isFalse();
    }
}
