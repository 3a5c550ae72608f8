package dev.millpond.benchmarks.reads;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.benchmarks.measure.SuiteRules;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class CacheSuiteTest {

    @Test
    void scenarios_targets_areOfPeersThatAreMeasured() {
        SuiteRules.check(CacheSuite.scenarios());
    }

    @Test
    void product_json_isAboutOneKilobyte() {
        assertThat(JsonMapper.shared().writeValueAsBytes(Product.of("product-1234")).length)
                .isBetween(900, 1_100);
    }

    @Test
    void product_ofAKey_isAlwaysTheSame() {
        assertThat(Product.of("product-7")).isEqualTo(Product.of("product-7")).isNotEqualTo(Product.of("product-8"));
    }
}
