package dev.millpond.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.ratelimit.Allowlist;
import dev.millpond.ratelimit.RateLimiter;
import dev.millpond.ratelimit.Tier;
import dev.millpond.testkit.FakeTicker;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class RateLimitEndToEndIT {

    private static final Map<String, Tier> KEYS = Map.of("key-free", Tier.FREE, "key-enterprise", Tier.ENTERPRISE);

    private final FakeTicker time = new FakeTicker();
    private final RateLimiter limiter = RateLimiter.builder()
            .tierOf(key -> Optional.ofNullable(KEYS.get(key)))
            .allowlist(Allowlist.of("key-monitor"))
            .ticker(time)
            .build();
    private final WebServer server = start();

    private WebServer start() {
        RateLimitFilter filter = RateLimitFilter.builder(limiter)
                .trustedProxies("127.0.0.1")
                .cost(request ->
                        request.getParameter("cost") == null ? 1 : Long.parseLong(request.getParameter("cost")))
                .build();
        try {
            return Container.TOMCAT.start(new WebApp()
                    .filter(filter)
                    .servlet(
                            "/hello",
                            (request, response) -> response.getWriter().print("hello")));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void close() {
        server.close();
        limiter.close();
    }

    private String ask(String key) {
        return ask("/hello", key);
    }

    /** Returns status, RateLimit and Retry-After of a response as one line. */
    private String ask(String path, String key) {
        HttpResponse<String> response = server.get(path, "X-API-Key", key);
        response.headers().firstValue("RateLimit").ifPresent(Fields::parse);
        return Stream.of(
                        Optional.of(Integer.toString(response.statusCode())),
                        response.headers().firstValue("RateLimit"),
                        response.headers().firstValue("Retry-After"))
                .flatMap(Optional::stream)
                .reduce((all, next) -> all + " " + next)
                .orElseThrow();
    }

    @Test
    void freeTier_twelveAtOnce_pass_andTheThirteenthIsDenied() {
        List<String> answers = new ArrayList<>();
        for (int i = 1; i <= 13; i++) {
            answers.add(ask("key-free"));
        }

        for (int i = 0; i < 12; i++) {
            assertThat(answers.get(i)).isEqualTo("200 \"free\";r=" + (11 - i) + ";t=6");
        }
        assertThat(answers.get(12)).isEqualTo("429 \"free\";r=0;t=6 6");
    }

    @Test
    void freeTier_overTime_isTheWorkedExample() {
        drain();
        assertAt(3, "429 \"free\";r=0;t=3 3");
        assertAt(6, "200 \"free\";r=0;t=6");
        assertAt(7, "429 \"free\";r=0;t=5 5");
        assertAt(12, "200 \"free\";r=0;t=6");
        assertAt(30, "200 \"free\";r=2;t=6", "200 \"free\";r=1;t=6", "200 \"free\";r=0;t=6", "429 \"free\";r=0;t=6 6");
    }

    @Test
    void retryAfter_waitedFor_isEnough() {
        drain();
        time.advance(Duration.ofMillis(2_700));
        assertThat(ask("key-free")).isEqualTo("429 \"free\";r=0;t=4 4");

        time.advance(Duration.ofSeconds(4));
        assertThat(ask("key-free")).startsWith("200");
    }

    @Test
    void cost_moreThanLeft_waitsForAllOfIt() {
        drain();
        assertAt(18);

        assertThat(ask("/hello?cost=5", "key-free")).isEqualTo("429 \"free\";r=3;t=6 12");
        assertThat(ask("/hello?cost=3", "key-free")).startsWith("200");
    }

    @Test
    void cost_moreThanTheBucketHolds_isNeverAdmitted() {
        HttpResponse<String> response = server.get("/hello?cost=13", "X-API-Key", "key-free");

        assertThat(response.statusCode()).isEqualTo(429);
        assertThat(response.headers().firstValue("Retry-After")).isEmpty();
        assertThat(response.headers().firstValue("RateLimit")).contains("\"free\";r=12");
        assertThat(new JsonMapper().readTree(response.body()).get("detail").stringValue())
                .endsWith("This request costs more than that and is never admitted.");
    }

    @Test
    void enterpriseTier_isNotDenied() {
        for (int i = 0; i < 50; i++) {
            assertThat(ask("key-enterprise")).startsWith("200 \"enterprise\";r=");
        }
    }

    @Test
    void allowlistedKey_hasNoLimitAndNoFields() {
        for (int i = 0; i < 15; i++) {
            assertThat(ask("key-monitor")).isEqualTo("200");
        }
    }

    @Test
    void unknownKeys_shareTheBucketOfTheirAddress() {
        assertThat(ask("key-free")).startsWith("200 \"free\";r=11");
        for (int i = 0; i < 12; i++) {
            assertThat(ask("guess-" + i)).startsWith("200");
        }

        assertThat(ask("guess-12")).startsWith("429");
        assertThat(server.get("/hello").statusCode()).isEqualTo(429);
        assertThat(server.get("/hello", "X-Forwarded-For", "198.51.100.1").statusCode())
                .isEqualTo(200);
        assertThat(ask("key-free")).startsWith("200 \"free\";r=10");
        assertThat(ask("key-enterprise")).as("a key not seen before").startsWith("429");
        time.advance(Duration.ofSeconds(6));
        assertThat(ask("key-enterprise")).startsWith("200 \"enterprise\"");
    }

    private void drain() {
        for (int i = 0; i < 12; i++) {
            assertThat(ask("key-free")).startsWith("200");
        }
    }

    private void assertAt(long second, String... answers) {
        time.advance(Duration.ofSeconds(second).minusNanos(time.read()));
        for (String answer : answers) {
            assertThat(ask("key-free")).as("at %s s", second).isEqualTo(answer);
        }
    }
}
