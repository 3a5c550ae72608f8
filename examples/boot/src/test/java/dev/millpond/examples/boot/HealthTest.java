package dev.millpond.examples.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class HealthTest {

    @Test
    void health_asked_tellsWhetherRedisIsThere() throws Exception {
        try (RunningBoot running = RunningBoot.start("jdbc:h2:mem:" + UUID.randomUUID())) {
            HttpRequest request = HttpRequest.newBuilder(running.uri().resolve("/actuator/health"))
                    .build();

            String health = HttpClient.newHttpClient()
                    .send(request, BodyHandlers.ofString())
                    .body();

            assertThat(health)
                    .contains("\"millpond\":{\"details\":{\"status\":\"UP\","
                            + "\"checks\":{\"redis\":\"none\",\"invalidations\":\"known\"},\"metrics\":{\"caches\":4");
        }
    }
}
