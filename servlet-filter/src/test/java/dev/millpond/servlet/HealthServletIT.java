package dev.millpond.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.millpond.cache.CacheHealth;
import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.LoadingCache;
import dev.millpond.ratelimit.Client;
import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.RateLimitHealth;
import dev.millpond.ratelimit.RateLimiter;
import dev.millpond.ratelimit.Tier;
import dev.millpond.runtime.HealthMonitor;
import dev.millpond.runtime.HealthReport.Status;
import dev.millpond.runtime.PatientRedis;
import dev.millpond.runtime.RedisConnection;
import dev.millpond.runtime.spi.HealthSource;
import dev.millpond.testkit.RedisExtension;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a load balancer sees of an instance whose Redis is stopped and started. */
class HealthServletIT {

    @RegisterExtension
    static final RedisExtension redis = RedisExtension.create();

    private static final String API_KEY = "key-of-acme";

    private final AtomicBoolean databaseGone = new AtomicBoolean();
    private final RedisConnection connection = PatientRedis.connect(redis.url());
    private final CacheRegistry caches =
            CacheRegistry.builder().redis(connection).namespace("health").build();
    private final RateLimitHealth limits = new RateLimitHealth();
    private final RateLimiter limiter = RateLimiter.builder()
            .redis(connection)
            .namespace("health")
            .secret("0123456789abcdef")
            .defaultTier(Tier.of("one", RateLimit.of(1, Duration.ofHours(1))))
            .decisionTimeout(Duration.ofSeconds(5))
            .listener(limits)
            .build();
    private final HealthMonitor health = HealthMonitor.builder()
            .redis(connection)
            .source(CacheHealth.of(caches))
            .source(limits)
            .source(new Database())
            .build();
    private final WebServer server = start();

    private WebServer start() {
        try {
            return Container.TOMCAT.start(new WebApp()
                    .with(context -> context.addServlet("health", new HealthServlet(health))
                            .addMapping("/health")));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** A part of the application that can fail for good. */
    private final class Database implements HealthSource {

        @Override
        public List<Check> checks() {
            return List.of(
                    databaseGone.get()
                            ? new Check("database", "gone", Status.DOWN)
                            : new Check("database", "up", Status.UP));
        }
    }

    @AfterEach
    void close() {
        server.close();
        health.close();
        limiter.close();
        caches.close();
        connection.close();
        if (redis.server().controllable()) {
            redis.server().start();
        }
    }

    @Test
    void health_redisStopsAndStarts_isDegradedMeanwhileAndAlways200() {
        assumeThat(redis.server().controllable()).isTrue();
        awaitStatus("UP");

        redis.server().stop();
        awaiting().untilAsserted(() -> {
            JsonNode answer = answer(200);
            assertThat(answer.get("status").stringValue()).isEqualTo("DEGRADED");
            assertThat(answer.get("checks").toString())
                    .isEqualTo("{\"redis\":\"down\",\"breaker\":\"open\",\"invalidations\":\"unknown\","
                            + "\"database\":\"up\"}");
        });

        redis.server().start();
        awaitStatus("UP");
        assertThat(answer(200).get("checks").toString())
                .isEqualTo("{\"redis\":\"up\",\"breaker\":\"closed\",\"invalidations\":\"known\",\"database\":\"up\"}");
    }

    @Test
    void health_traffic_showsInItsFigures() {
        awaitStatus("UP");
        LoadingCache<String, String> names =
                caches.newCache("names", String.class).build((String key) -> key);
        names.get("secret-id");
        names.get("secret-id");
        for (int i = 0; i < 4; i++) {
            limiter.tryAcquire(Client.of(API_KEY, "192.0.2.7"), 1);
        }

        JsonNode metrics = answer(200).get("metrics");

        assertThat(metrics.get("caches").intValue()).isEqualTo(1);
        assertThat(metrics.get("hitRate1m").doubleValue()).isEqualTo(0.5);
        assertThat(metrics.get("hitRate5m").doubleValue()).isEqualTo(0.5);
        assertThat(metrics.get("blockRate1m").doubleValue()).isEqualTo(0.75);
        assertThat(metrics.get("blockRate5m").doubleValue()).isEqualTo(0.75);
        assertThat(metrics.get("poolUtilization").doubleValue()).isBetween(0.0, 1.0);
        assertThat(server.get("/health").body())
                .doesNotContain("secret-id", API_KEY, "192.0.2.7", "127.0.0.1", "redis://");
    }

    @Test
    void health_checkOfTheApplicationIsDown_is503() {
        databaseGone.set(true);

        assertThat(answer(503).get("status").stringValue()).isEqualTo("DOWN");
        databaseGone.set(false);
        awaitStatus("UP");
    }

    @Test
    void health_fields_areThoseOfJsonThatNobodyStores() {
        HttpResponse<String> response = server.get("/health");

        assertThat(response.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
    }

    @Test
    void health_otherMethods_areRefusedButForHead() {
        assertThat(method("HEAD").statusCode()).isEqualTo(200);
        assertThat(method("HEAD").body()).isEmpty();
        assertThat(method("POST").statusCode()).isEqualTo(405);
        assertThat(method("DELETE").statusCode()).isEqualTo(405);
    }

    private HttpResponse<String> method(String name) {
        return server.send("/health", request -> request.method(name, HttpRequest.BodyPublishers.noBody()));
    }

    private void awaitStatus(String status) {
        awaiting()
                .untilAsserted(() ->
                        assertThat(answer(200).get("status").stringValue()).isEqualTo(status));
    }

    private JsonNode answer(int status) {
        HttpResponse<String> response = server.get("/health");
        assertThat(response.statusCode()).isEqualTo(status);
        return new JsonMapper().readTree(response.body());
    }

    private static ConditionFactory awaiting() {
        return await().atMost(Duration.ofSeconds(20));
    }
}
