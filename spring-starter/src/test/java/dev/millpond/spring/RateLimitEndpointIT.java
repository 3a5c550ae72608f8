package dev.millpond.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.ratelimit.Client;
import dev.millpond.ratelimit.RateLimiter;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.ManagementWebSecurityAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.MapPropertySource;

/** The endpoint for operators over real HTTP. */
final class RateLimitEndpointIT {

    private static final String KEY = "key-of-acme";

    private final HttpClient http = HttpClient.newHttpClient();
    private ConfigurableApplicationContext application = start("health,millpondratelimits");

    @AfterEach
    void stop() {
        application.close();
    }

    @Test
    void post_peekAndGrant_tellTheDigestAndWhatIsLeft() throws Exception {
        HttpResponse<String> peeked = post("{'action':'peek','key':'key-of-acme'}");

        assertThat(peeked.statusCode()).isEqualTo(200);
        assertThat(peeked.body())
                .contains("\"digest\":\"" + limiter().digestOf(Client.ofKey(KEY)) + "\"")
                .contains("\"outcome\":\"allowed\"", "\"tier\":\"pro\"", "\"remaining\":1100")
                .doesNotContain(KEY);
        assertThat(post("{'action':'grant','key':'key-of-acme','tokens':50}").body())
                .contains("\"remaining\":1150");
        assertThat(post("{'action':'reset','key':'key-of-acme'}").body()).contains("\"remaining\":1100");
    }

    @Test
    void post_banAndUnban_areInForceAtOnce() throws Exception {
        String ban = post("{'action':'ban','key':'key-of-acme','until':'2999-01-01T00:00:00Z'}")
                .body();
        String digest = limiter().digestOf(Client.ofKey(KEY));

        assertThat(ban)
                .contains("\"bans\":{\"" + digest + "\":\"2999-01-01T00:00:00Z\"}")
                .doesNotContain(KEY);
        assertThat(post("{'action':'peek','key':'key-of-acme'}").body()).contains("\"outcome\":\"denylisted\"");
        assertThat(get().body()).contains(digest, "\"nodes\":1").doesNotContain(KEY);
        assertThat(post("{'action':'unban','digest':'" + digest + "'}").body()).contains("\"bans\":{}");
    }

    @Test
    void post_overrideAllowAndForget_changeTheRules() throws Exception {
        assertThat(post("{'action':'override','key':'key-of-acme','tier':'enterprise'}")
                        .statusCode())
                .isEqualTo(200);
        assertThat(post("{'action':'peek','key':'key-of-acme'}").body()).contains("\"tier\":\"enterprise\"");
        assertThat(post("{'action':'remove-override','key':'key-of-acme'}").body())
                .contains("\"tiersOfClients\":{\"" + limiter().digestOf(Client.ofKey(KEY)) + "\":\"pro\"}")
                .doesNotContain(KEY);
        assertThat(post("{'action':'allow','address':'192.0.2.0/24'}").body())
                .contains("\"allowed\":[\"192.0.2.0/24\"]");
        assertThat(post("{'action':'peek','address':'192.0.2.9'}").body()).contains("\"outcome\":\"allowlisted\"");
        assertThat(post("{'action':'disallow','address':'192.0.2.0/24'}").body())
                .contains("\"allowed\":[]");
        assertThat(post("{'action':'forget-tier','key':'key-of-acme'}").body())
                .isEqualTo("{\"digest\":\"" + limiter().digestOf(Client.ofKey(KEY)) + "\"}");
    }

    @Test
    void post_mode_isSetAndTakenBack() throws Exception {
        assertThat(post("{'action':'mode','mode':'shadow'}").body()).contains("\"mode\":\"shadow\"");
        assertThat(post("{'action':'mode','mode':'25%','tier':'pro'}").body())
                .contains("\"modesOfTiers\":{\"pro\":\"25%\"}");
        assertThat(post("{'action':'mode','mode':'off','route':'search'}").body())
                .contains("\"modesOfRoutes\":{\"search\":\"off\"}");
        assertThat(post("{'action':'mode','mode':'default'}").body()).contains("\"mode\":\"enforce\"");
        assertThat(post("{'action':'mode','mode':'default','tier':'pro'}").body())
                .contains("\"modesOfTiers\":{}");
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
    void post_somethingMissingOrUnknown_isRefusedWithWhatToSend(String body, String message) throws Exception {
        HttpResponse<String> refused = post(body);

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains(message).doesNotContain(KEY);
    }

    @Test
    void post_keyInTheUrl_isRefused() throws Exception {
        HttpResponse<String> refused = send(HttpRequest.newBuilder(uri("?key=key-of-acme"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"action\":\"peek\"}")));

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body())
                .contains("The URL has a query, must have none, since URLs are logged.")
                .doesNotContain(KEY);
    }

    @Test
    void post_redisIsAway_isRefusedWithWhatToDo() throws Exception {
        application.close();
        application = start("millpondratelimits", "millpond.redis.url=redis://127.0.0.1:1");

        HttpResponse<String> refused = post("{'action':'ban','key':'key-of-acme'}");

        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.body()).contains("{\"error\":\"").doesNotContain(KEY);
        assertThat(post("{'action':'peek','key':'key-of-acme'}").body()).contains("\"outcome\":\"allowed_degraded\"");
    }

    @Test
    void post_accessNotGiven_isNotAllowedAndTheRulesCanBeRead() throws Exception {
        application.close();
        application = start("millpondratelimits", "management.endpoint.millpondratelimits.access=");

        assertThat(post("{'action':'ban','key':'key-of-acme'}").statusCode()).isEqualTo(405);
        assertThat(post("{'action':'peek','key':'key-of-acme'}").statusCode()).isEqualTo(405);
        assertThat(get().statusCode()).isEqualTo(200);
        assertThat(limiter().rules().bans()).isEmpty();
    }

    @Test
    void post_reload_takesChangedPropertiesOrRefusesThemAsAWhole() throws Exception {
        Map<String, Object> changed = new HashMap<>();
        application.getEnvironment().getPropertySources().addFirst(new MapPropertySource("changed", changed));
        post("{'action':'peek','key':'key-of-acme'}");
        changed.put("millpond.rate-limit.tiers.pro.limit", "7");
        changed.put("millpond.rate-limit.denylist", "192.0.2.0/24");
        changed.put("millpond.rate-limit.engine", "cas");

        HttpResponse<String> reloaded = post("{'action':'reload'}");

        assertThat(reloaded.statusCode()).isEqualTo(200);
        assertThat(reloaded.body())
                .contains("\"192.0.2.0/24\":\"for-good\"", "tokens=7")
                .contains("\"needRestart\":[\"millpond.rate-limit.engine\"]")
                .doesNotContain(KEY);
        assertThat(post("{'action':'peek','key':'key-of-acme'}").body()).contains("\"remaining\":7");

        changed.put("millpond.rate-limit.denylist", "");
        changed.put("millpond.rate-limit.tiers.pro.limit", "0");
        HttpResponse<String> refused = post("{'action':'reload'}");

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body())
                .contains("Property 'millpond.rate-limit.tiers.pro.limit'")
                .contains("is '0', must be 1 or more. Give the number of requests per period.");
        assertThat(get().body()).contains("\"192.0.2.0/24\":\"for-good\"", "tokens=7");
    }

    @Test
    void get_someDenied_tellsTheirDigestsAndNoKey() throws Exception {
        assertThat(get().body()).contains("\"mostDenied\":[]");
        Client acme = Client.of(KEY, "192.0.2.77");
        limiter().tryAcquire(acme, 1_100);
        limiter().tryAcquire(acme, 500);
        limiter().tryAcquire(acme, 500);

        assertThat(get().body())
                .contains("\"mostDenied\":[{")
                .contains("\"digest\":\"" + limiter().digestOf(acme) + "\"", "\"tier\":\"pro\"", "\"denials\":2")
                .doesNotContain(KEY, "192.0.2.77");
    }

    @Test
    void get_notExposed_isNotThere() throws Exception {
        application.close();
        application = start("health");

        assertThat(get().statusCode()).isEqualTo(404);
        assertThat(application.containsBean("millpondRateLimitEndpoint")).isFalse();
    }

    private static ConfigurableApplicationContext start(String exposed, String... properties) {
        return new SpringApplicationBuilder(Application.class)
                .properties(
                        "server.address=127.0.0.1",
                        "server.port=0",
                        "server.tomcat.basedir=target/tomcat", // by default each start leaves a folder behind
                        "spring.main.banner-mode=off",
                        "management.endpoints.web.exposure.include=" + exposed,
                        "management.endpoint.millpondratelimits.access=unrestricted",
                        "millpond.rate-limit.excluded-paths=/actuator/**",
                        "millpond.rate-limit.clients.acme.key=" + KEY,
                        "millpond.rate-limit.clients.acme.tier=pro")
                .properties(properties)
                .run();
    }

    private RateLimiter limiter() {
        return application.getBean(RateLimiter.class);
    }

    private HttpResponse<String> post(String body) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(uri(""))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.replace('\'', '"'))));
    }

    private HttpResponse<String> get() throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(uri("")));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private URI uri(String query) {
        return URI.create("http://127.0.0.1:" + application.getEnvironment().getProperty("local.server.port")
                + "/actuator/millpondratelimits" + query);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration(
            exclude = {ServletWebSecurityAutoConfiguration.class, ManagementWebSecurityAutoConfiguration.class})
    static class Application {}
}
