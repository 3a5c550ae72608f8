package dev.millpond.examples.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class HealthTest {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @Test
    void health_asked_tellsWhetherRedisIsThereAndIsNotCounted() throws Exception {
        try (RunningServer running = RunningServer.start(withRedis(Optional.empty()))) {
            HttpResponse<String> health = get(running.uri().resolve("/health"));

            assertThat(health.statusCode()).isEqualTo(200);
            assertThat(health.body())
                    .startsWith(
                            "{\"status\":\"UP\",\"checks\":{\"redis\":\"none\",\"invalidations\":\"known\"},\"metrics\":{");
            assertThat(health.headers().firstValue("RateLimit")).isEmpty();
            get(running.uri().resolve("/standings/A"));
            assertThat(get(running.uri().resolve("/health")).body())
                    .contains("\"hitRate1m\":0.0", "\"blockRate1m\":0.0");
        }
    }

    @Test
    void health_nobodyAnswersAtTheUrlOfRedis_isDegradedAnd200() throws Exception {
        try (RunningServer running = RunningServer.start(withRedis(Optional.of("redis://127.0.0.1:1")))) {
            HttpResponse<String> health = get(running.uri().resolve("/health"));

            assertThat(health.statusCode()).isEqualTo(200);
            assertThat(health.body())
                    .startsWith("{\"status\":\"DEGRADED\",\"checks\":{\"redis\":\"connecting\",\"breaker\":\"open\"")
                    .doesNotContain("127.0.0.1");
        }
    }

    private static Settings withRedis(Optional<String> url) {
        return new Settings(0, url, "jdbc:h2:mem:" + UUID.randomUUID(), Map.of());
    }

    private static HttpResponse<String> get(URI uri) throws IOException, InterruptedException {
        return CLIENT.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }
}
