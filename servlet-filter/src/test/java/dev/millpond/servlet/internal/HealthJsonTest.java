package dev.millpond.servlet.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.runtime.HealthReport;
import dev.millpond.runtime.HealthReport.Status;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class HealthJsonTest {

    @Test
    void of_emptyReport_hasAllMembers() {
        assertThat(HealthJson.of(new HealthReport(Status.UP, Map.of(), Map.of())))
                .isEqualTo("{\"status\":\"UP\",\"checks\":{},\"metrics\":{}}");
    }

    @Test
    void of_checksAndMetrics_keepTheirOrderAndAreRounded() {
        Map<String, String> checks = new LinkedHashMap<>();
        checks.put("redis", "down");
        checks.put("breaker", "open");
        Map<String, Number> metrics = new LinkedHashMap<>();
        metrics.put("hitRate1m", 2.0 / 3);
        metrics.put("caches", 4);

        String json = HealthJson.of(new HealthReport(Status.DEGRADED, checks, metrics));

        assertThat(json)
                .isEqualTo("{\"status\":\"DEGRADED\",\"checks\":{\"redis\":\"down\",\"breaker\":\"open\"},"
                        + "\"metrics\":{\"hitRate1m\":0.6667,\"caches\":4}}");
    }

    @Test
    void of_smallNumbers_areJson() {
        String json = HealthJson.of(new HealthReport(Status.UP, Map.of(), Map.of("rate", 0.0001)));

        assertThat(new JsonMapper().readTree(json).get("metrics").get("rate").doubleValue())
                .isEqualTo(0.0001);
    }
}
