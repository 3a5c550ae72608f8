package dev.millpond.spring;

import static dev.millpond.spring.RateLimitEndpointIT.ENDPOINT;
import static dev.millpond.spring.RateLimitEndpointIT.KEY;
import static dev.millpond.spring.RateLimitEndpointIT.start;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.ratelimit.RateLimiter;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the endpoint for operators refuses, over real HTTP; as that changes nothing, most share one application. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RateLimitEndpointRefusalsIT {

    private final RunningApplication application = start();

    @AfterAll
    void stop() {
        application.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}|Action is not set, must be one of [allow, ban, disallow, forget-tier, grant, mode, override, peek,",
                "{'action':'destroy'}|Action is 'destroy', must be one of [allow, ban,",
                "{'action':'peek'}|Action 'peek' needs 'key' or 'address', which is not set. Send who the client is.",
                "{'action':'grant','key':'k'}|Action 'grant' needs 'tokens', which is not set. Send how many tokens",
                "{'action':'grant','key':'k','tokens':'x'}|Property 'tokens' must be a whole number.",
                "{'action':'grant','key':'k','tokens':-1}|is -1, must be 0 or more.",
                "{'action':'override','key':'k'}|Action 'override' needs 'tier', which is not set.",
                "{'action':'override','key':'k','tier':'gold'}|There is no tier 'gold', only [enterprise, free, pro,",
                "{'action':'ban','key':'k','until':'soon'}|Property 'until' must be a time such as 2027-01-31T12:00",
                "{'action':'ban','digest':'key-of-acme'}|neither a digest nor a network",
                "{'action':'mode'}|Action 'mode' needs 'mode', which is not set. Send off, shadow, enforce, 25%,",
                "{'action':'mode','mode':'dry'}|Rate-limit mode 'dry' does not exist. Use off, shadow,",
                "{'action':'mode','mode':'off','tier':'a','route':'b'}|has both a 'tier' and a 'route', must have one",
            })
    void post_somethingMissingOrUnknown_isRefusedWithWhatToSend(String body, String message) {
        HttpResponse<String> refused = application.post(ENDPOINT, body);

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains(message).doesNotContain(KEY);
    }

    @Test
    void post_keyInTheUrl_isRefused() {
        HttpResponse<String> refused = application.post(ENDPOINT + "?key=key-of-acme", "{'action':'peek'}");

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body())
                .contains("The URL has a query, must have none, since URLs are logged.")
                .doesNotContain(KEY);
    }

    @Test
    void post_redisIsAway_isRefusedWithWhatToDo() {
        try (RunningApplication withoutRedis = start("millpond.redis.url=redis://127.0.0.1:1")) {
            HttpResponse<String> refused = withoutRedis.post(ENDPOINT, "{'action':'ban','key':'key-of-acme'}");

            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.body()).contains("{\"error\":\"").doesNotContain(KEY);
            assertThat(withoutRedis
                            .post(ENDPOINT, "{'action':'peek','key':'key-of-acme'}")
                            .body())
                    .contains("\"outcome\":\"allowed_degraded\"");
        }
    }

    @Test
    void post_accessNotGiven_isNotAllowedAndTheRulesCanBeRead() {
        try (RunningApplication readOnly = start("management.endpoint.millpondratelimits.access=")) {
            assertThat(readOnly.post(ENDPOINT, "{'action':'ban','key':'key-of-acme'}")
                            .statusCode())
                    .isEqualTo(405);
            assertThat(readOnly.post(ENDPOINT, "{'action':'peek','key':'key-of-acme'}")
                            .statusCode())
                    .isEqualTo(405);
            assertThat(readOnly.get(ENDPOINT).statusCode()).isEqualTo(200);
            assertThat(readOnly.bean(RateLimiter.class).rules().bans()).isEmpty();
        }
    }

    @Test
    void get_notExposed_isNotThere() {
        try (RunningApplication other = start("management.endpoints.web.exposure.include=health")) {
            assertThat(other.get(ENDPOINT).statusCode()).isEqualTo(404);
            assertThat(other.context().containsBean("millpondRateLimitEndpoint"))
                    .isFalse();
        }
    }
}
