package dev.millpond.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.LoadingCache;
import dev.millpond.runtime.RedisConnection;
import dev.millpond.testkit.RedisExtension;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.ManagementWebSecurityAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Web applications on free ports, over real HTTP and a real Redis. */
final class WebApplicationIT {

    @RegisterExtension
    static final RedisExtension redis = RedisExtension.create();

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<ConfigurableApplicationContext> started = new ArrayList<>();

    @BeforeEach
    void empty() {
        redis.server().flush();
    }

    @AfterEach
    void stop() {
        started.forEach(ConfigurableApplicationContext::close);
        if (redis.server().controllable()) {
            redis.server().start();
        }
    }

    @Test
    void get_withoutRedis_isCachedAndLimited() throws Exception {
        int port = start(Map.of());

        assertThat(get(port, "/items/1").headers().firstValue("Cache-Status"))
                .hasValueSatisfying(status -> assertThat(status).startsWith("\"items\";fwd=miss"));
        assertThat(get(port, "/items/1").headers().firstValue("Cache-Status"))
                .hasValueSatisfying(status -> assertThat(status).startsWith("\"items\";hit"));
        assertThat(statuses(port, 11)).containsOnlyOnce(429).endsWith(429);
    }

    @Test
    void get_twelveRequestsAndOneMore_theLastIsDeniedWithItsWayOut() throws Exception {
        int port = start(Map.of());

        assertThat(statuses(port, 12)).containsOnly(200);
        HttpResponse<String> denied = get(port, "/items/1");

        assertThat(denied.statusCode()).isEqualTo(429);
        assertThat(denied.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(denied.headers().firstValue("RateLimit"))
                .hasValueSatisfying(limit -> assertThat(limit).startsWith("\"free\";r=0;t=3"));
        assertThat(denied.headers().firstValue("Retry-After"))
                .hasValueSatisfying(
                        seconds -> assertThat(Integer.parseInt(seconds)).isBetween(300, 360));
    }

    @Test
    void get_twoApplicationsOverRedis_shareCacheAndLimits() throws Exception {
        int one = startWithRedis();
        int two = startWithRedis();

        get(one, "/items/1");
        await().until(() -> Long.valueOf(1).equals(redis.server().command("EXISTS", "millpond:items:1")));
        assertThat(get(two, "/items/1").headers().firstValue("Cache-Status"))
                .hasValueSatisfying(status -> assertThat(status).contains("hit"));
        assertThat(statuses(one, 5)).containsOnly(200);
        assertThat(statuses(two, 6)).containsExactly(200, 200, 200, 200, 200, 429);
    }

    @Test
    void get_keyOfAClient_isNowhereInRedis() throws Exception {
        int port = startWithRedis();

        HttpResponse<String> response = http.send(
                HttpRequest.newBuilder(uri(port, "/items/1"))
                        .header("X-API-Key", "key-of-acme")
                        .build(),
                HttpResponse.BodyHandlers.ofString());

        assertThat(response.headers().firstValue("RateLimit"))
                .hasValueSatisfying(limit -> assertThat(limit).startsWith("\"pro\""));
        List<?> keys = (List<?>) Objects.requireNonNull(redis.server().command("KEYS", "*"));
        assertThat(keys).isNotEmpty().noneMatch(key -> key.toString().contains("key-of-acme"));
    }

    @Test
    void health_redisStopped_isStillUp() throws Exception {
        assumeThat(redis.server().controllable()).isTrue();
        int port = startWithRedis();
        assertThat(get(port, "/actuator/health").body()).contains("\"redis\":\"up\"");

        redis.server().stop();

        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(get(port, "/actuator/health").body())
                        .contains("\"redis\":\"down\"")
                        .contains("\"status\":\"DEGRADED\""));
        assertThat(get(port, "/actuator/health").statusCode()).isEqualTo(200);
        assertThat(get(port, "/items/2").statusCode()).isEqualTo(200);
    }

    @Test
    void start_nobodyAnswersAtTheUrl_servesAnyway() throws Exception {
        int port = start(Map.of("millpond.redis.url", "redis://127.0.0.1:1"));

        assertThat(get(port, "/items/1").body()).isEqualTo("item 1");
        assertThat(get(port, "/actuator/health").statusCode()).isEqualTo(200);
    }

    private int startWithRedis() {
        int port = start(Map.of("millpond.redis.url", redis.url()));
        ConfigurableApplicationContext context = started.get(started.size() - 1);
        assertThat(context.getBean(RedisConnection.class).awaitAvailable(Duration.ofSeconds(10)))
                .isTrue();
        LoadingCache<String, String> probe = context.getBean(CacheRegistry.class)
                .newCache("probe", String.class)
                .build((String key) -> key);
        await().until(() -> probe.lookup("x").fromCache());
        return port;
    }

    private int start(Map<String, Object> properties) {
        ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
                .properties(
                        "server.address=127.0.0.1",
                        "server.port=0",
                        "server.tomcat.basedir=target/tomcat", // by default each start leaves a folder behind
                        "spring.main.banner-mode=off",
                        "management.endpoint.health.show-details=always",
                        "millpond.cache.status-field=true",
                        "millpond.rate-limit.excluded-paths=/actuator/**",
                        "millpond.rate-limit.tiers.free.limit=10",
                        "millpond.rate-limit.tiers.free.burst=2",
                        "millpond.rate-limit.tiers.free.per=1h", // no token comes back while a test runs
                        "millpond.rate-limit.secret=0123456789abcdef",
                        "millpond.rate-limit.decision-timeout=2s", // the shared limit is under test, not the budget
                        "millpond.rate-limit.clients.acme.key=key-of-acme",
                        "millpond.rate-limit.clients.acme.tier=pro")
                .properties(properties)
                .run();
        started.add(context);
        return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    private int[] statuses(int port, int requests) {
        return IntStream.range(0, requests)
                .map(request -> {
                    try {
                        return get(port, "/items/1").statusCode();
                    } catch (IOException | InterruptedException e) {
                        throw new AssertionError(e);
                    }
                })
                .toArray();
    }

    private HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(uri(port, path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static URI uri(int port, String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration(
            exclude = {ServletWebSecurityAutoConfiguration.class, ManagementWebSecurityAutoConfiguration.class})
    @EnableCaching
    static class Application {

        @Bean
        Items items() {
            return new Items();
        }

        @Bean
        ItemController itemController(Items items) {
            return new ItemController(items);
        }
    }

    static class Items {

        @Cacheable("items")
        public String find(long id) {
            return "item " + id;
        }
    }

    @RestController
    static class ItemController {

        private final Items items;

        ItemController(Items items) {
            this.items = items;
        }

        @GetMapping("/items/{id}")
        String find(@PathVariable long id) {
            return items.find(id);
        }
    }
}
