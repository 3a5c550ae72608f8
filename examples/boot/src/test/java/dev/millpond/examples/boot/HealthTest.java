package dev.millpond.examples.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;

class HealthTest {

    @Test
    void health_asked_tellsWhetherRedisIsThere() throws Exception {
        try (RunningBoot running = RunningBoot.start("jdbc:h2:mem:" + UUID.randomUUID())) {
            assertThat(running.get("/actuator/health").body())
                    .contains("\"millpond\":{\"details\":{\"status\":\"UP\","
                            + "\"checks\":{\"redis\":\"none\",\"invalidations\":\"known\"},\"metrics\":{\"caches\":4");
        }
    }
}
