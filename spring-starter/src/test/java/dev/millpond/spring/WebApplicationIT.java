package dev.millpond.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.LoadingCache;
import dev.millpond.runtime.RedisConnection;
import dev.millpond.testkit.RedisExtension;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Web applications on free ports, over real HTTP and a real Redis. */
@ExtendWith(OutputCaptureExtension.class)
final class WebApplicationIT {

    /** How all keys begin. */
    private static final String KEY = "key-of-";

    private static final String ACME = KEY + "acme";

    @RegisterExtension
    static final RedisExtension redis = RedisExtension.create();

    private final List<RunningApplication> started = new ArrayList<>();

    @BeforeEach
    void empty() {
        redis.server().flush();
    }

    @AfterEach
    void stop() {
        started.forEach(RunningApplication::close);
        if (redis.server().controllable()) {
            redis.server().start();
        }
    }

    @Test
    void get_withoutRedis_isCachedAndLimited() {
        RunningApplication application = start();

        assertThat(application.get("/items/1").headers().firstValue("Cache-Status"))
                .hasValueSatisfying(status -> assertThat(status).startsWith("\"items\";fwd=miss"));
        assertThat(application.get("/items/1").headers().firstValue("Cache-Status"))
                .hasValueSatisfying(status -> assertThat(status).startsWith("\"items\";hit"));
        assertThat(statuses(application, 11)).containsOnlyOnce(429).endsWith(429);
    }

    @Test
    void get_twelveRequestsAndOneMore_theLastIsDeniedWithItsWayOut() {
        RunningApplication application = start();

        assertThat(statuses(application, 12)).containsOnly(200);
        HttpResponse<String> denied = application.get("/items/1");

        assertThat(denied.statusCode()).isEqualTo(429);
        assertThat(denied.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(denied.headers().firstValue("RateLimit"))
                .hasValueSatisfying(limit -> assertThat(limit).startsWith("\"free\";r=0;t=3"));
        assertThat(denied.headers().firstValue("Retry-After"))
                .hasValueSatisfying(
                        seconds -> assertThat(Integer.parseInt(seconds)).isBetween(300, 360));
    }

    @Test
    void get_twoApplicationsOverRedis_shareCacheAndLimits() {
        RunningApplication one = startWithRedis();
        RunningApplication two = startWithRedis();

        one.get("/items/1");
        await().until(() -> Long.valueOf(1).equals(redis.server().command("EXISTS", "millpond:items:1")));
        assertThat(two.get("/items/1").headers().firstValue("Cache-Status"))
                .hasValueSatisfying(status -> assertThat(status).contains("hit"));
        assertThat(statuses(one, 5)).containsOnly(200);
        assertThat(statuses(two, 6)).containsExactly(200, 200, 200, 200, 200, 429);
    }

    @Test
    @Tag("one-jdk")
    void get_slowLoadOnAThreadOfItsOwn_isLoggedWithTheIdOfItsRequest(CapturedOutput output) {
        RunningApplication application = start(
                "millpond.cache.caches.items.hard-timeout=1m", "millpond.cache.caches.items.slow-load-threshold=1ns");

        application.send("/items/1", HttpRequest.newBuilder().header("X-Correlation-ID", "order-7"));

        assertThat(output)
                .containsPattern("WARN +\\[millpond-load\\S*] \\S+SlowLoads order-7- Cache 'items' took \\d+ ms");
    }

    @Test
    @Tag("one-jdk")
    void get_keysOfClients_areNowhereInRedisLogsMetersAndAnswers(CapturedOutput output) {
        RunningApplication application = startWithRedis(
                "logging.level.dev.millpond=TRACE",
                "management.endpoints.web.exposure.include=*",
                "management.endpoint.millpondratelimits.access=unrestricted",
                "millpond.rate-limit.client-key=header:X-API-Key,bearer",
                "millpond.rate-limit.allowlist=key-of-friend",
                "millpond.rate-limit.denylist=key-of-foe");

        List<HttpResponse<String>> answers = new ArrayList<>(requestsWithKeys(application));
        assertThat(answers).extracting(HttpResponse::statusCode).containsExactly(200, 200, 200, 200, 403, 400);
        answers.addAll(commandsOfOperators(application));
        List<?> stored = (List<?>) Objects.requireNonNull(redis.server().command("KEYS", "*"));
        assertThat(stored).isNotEmpty().noneMatch(key -> key.toString().contains(KEY));
        if (redis.server().controllable()) {
            redis.server().stop();
            answers.addAll(requestsWithKeys(application));
            answers.addAll(commandsOfOperators(application));
        }
        List<HttpResponse<String>> shown = allThatActuatorShows(application);
        answers.addAll(shown);

        assertThat(answers)
                .allSatisfy(answer -> assertThat(answer.headers() + answer.body())
                        .as("%s", answer.uri())
                        .doesNotContain(KEY));
        assertThat(shown.toString()).contains("health", "prometheus", "env", "configprops", "millpondratelimits");
        assertThat(output)
                .contains("DEBUG", "Other base rules of the rate limiter are in force on this node")
                .doesNotContain(KEY);
    }

    /** Sends keys in all places and of all kinds: known, by another field, unknown, allowed, denied, and two. */
    private static List<HttpResponse<String>> requestsWithKeys(RunningApplication application) {
        return Stream.of(
                        HttpRequest.newBuilder().header("X-API-Key", ACME),
                        HttpRequest.newBuilder().header("Authorization", "Bearer " + ACME),
                        HttpRequest.newBuilder().header("X-API-Key", KEY + "nobody"),
                        HttpRequest.newBuilder().header("X-API-Key", KEY + "friend"),
                        HttpRequest.newBuilder().header("X-API-Key", KEY + "foe"),
                        HttpRequest.newBuilder()
                                .header("X-API-Key", KEY + "one")
                                .header("X-API-Key", KEY + "two"))
                .map(request -> application.send("/items/1", request))
                .toList();
    }

    private static List<HttpResponse<String>> commandsOfOperators(RunningApplication application) {
        return Stream.of("peek", "ban", "unban", "allow", "disallow", "reload")
                .map(action -> application.post(
                        "/actuator/millpondratelimits", "{'action':'" + action + "','key':'" + ACME + "'}"))
                .toList();
    }

    /** Returns what all endpoints answer that can be read without saying what of. */
    private static List<HttpResponse<String>> allThatActuatorShows(RunningApplication application) {
        return Pattern.compile("\"href\":\"http://[^/\"]+(/actuator/[^\"{]+)\"")
                .matcher(application.get("/actuator").body())
                .results()
                .map(link -> application.get(link.group(1)))
                .toList();
    }

    @Test
    void health_redisStopped_isStillUp() {
        assumeThat(redis.server().controllable()).isTrue();
        RunningApplication application = startWithRedis();
        assertThat(application.get("/actuator/health").body()).contains("\"redis\":\"up\"");

        redis.server().stop();

        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(
                        () -> assertThat(application.get("/actuator/health").body())
                                .contains("\"redis\":\"down\"")
                                .contains("\"status\":\"DEGRADED\""));
        assertThat(application.get("/actuator/health").statusCode()).isEqualTo(200);
        assertThat(application.get("/items/2").statusCode()).isEqualTo(200);
    }

    @Test
    void start_nobodyAnswersAtTheUrl_servesAnyway() {
        RunningApplication application = start("millpond.redis.url=redis://127.0.0.1:1");

        HttpResponse<String> response = application.get("/items/1");

        assertThat(response.body()).isEqualTo("item 1");
        assertThat(response.headers().firstValue("Cache-Status"))
                .hasValueSatisfying(status -> assertThat(status).endsWith(";detail=LOADER_DEGRADED"));
        assertThat(application.get("/actuator/health").statusCode()).isEqualTo(200);
    }

    private RunningApplication startWithRedis(String... properties) {
        RunningApplication application =
                start(Stream.concat(Stream.of("millpond.redis.url=" + redis.url()), Stream.of(properties))
                        .toArray(String[]::new));
        assertThat(application.bean(RedisConnection.class).awaitAvailable(Duration.ofSeconds(10)))
                .isTrue();
        LoadingCache<String, String> probe = application
                .bean(CacheRegistry.class)
                .newCache("probe", String.class)
                .build((String key) -> key);
        await().until(() -> probe.lookup("x").fromCache());
        return application;
    }

    private RunningApplication start(String... properties) {
        RunningApplication application = RunningApplication.start(new SpringApplicationBuilder(Application.class)
                .properties(
                        "management.endpoint.health.show-details=always",
                        "millpond.cache.status-field=true",
                        "millpond.rate-limit.excluded-paths=/actuator/**",
                        "millpond.rate-limit.tiers.free.limit=10",
                        "millpond.rate-limit.tiers.free.burst=2",
                        "millpond.rate-limit.tiers.free.per=1h", // no token comes back while a test runs
                        "millpond.rate-limit.secret=0123456789abcdef",
                        "millpond.rate-limit.decision-timeout=2s", // the shared limit is under test, not the budget
                        "millpond.rate-limit.clients.acme.key=" + ACME,
                        "millpond.rate-limit.clients.acme.tier=pro")
                .properties(properties));
        started.add(application);
        return application;
    }

    private static int[] statuses(RunningApplication application, int requests) {
        return IntStream.range(0, requests)
                .map(request -> application.get("/items/1").statusCode())
                .toArray();
    }

    @OpenApplication
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
