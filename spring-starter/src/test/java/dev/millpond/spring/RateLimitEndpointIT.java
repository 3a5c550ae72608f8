package dev.millpond.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.ratelimit.Client;
import dev.millpond.ratelimit.RateLimiter;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.core.env.MapPropertySource;

/** What the endpoint for operators does, over real HTTP. */
final class RateLimitEndpointIT {

    static final String ENDPOINT = "/actuator/millpondratelimits";
    static final String KEY = "key-of-acme";

    private final RunningApplication application = start();

    @AfterEach
    void stop() {
        application.close();
    }

    @Test
    void post_peekAndGrant_tellTheDigestAndWhatIsLeft() {
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
    void post_banAndUnban_areInForceAtOnce() {
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
    void post_overrideAllowAndForget_changeTheRules() {
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
    void post_mode_isSetAndTakenBack() {
        assertThat(post("{'action':'mode','mode':'shadow'}").body()).contains("\"mode\":\"shadow\"");
        assertThat(post("{'action':'mode','mode':'25%','tier':'pro'}").body())
                .contains("\"modesOfTiers\":{\"pro\":\"25%\"}");
        assertThat(post("{'action':'mode','mode':'off','route':'search'}").body())
                .contains("\"modesOfRoutes\":{\"search\":\"off\"}");
        assertThat(post("{'action':'mode','mode':'default'}").body()).contains("\"mode\":\"enforce\"");
        assertThat(post("{'action':'mode','mode':'default','tier':'pro'}").body())
                .contains("\"modesOfTiers\":{}");
    }

    @Test
    void post_reload_takesChangedPropertiesOrRefusesThemAsAWhole() {
        Map<String, Object> changed = new HashMap<>();
        application.context().getEnvironment().getPropertySources().addFirst(new MapPropertySource("changed", changed));
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
    void get_someDenied_tellsTheirDigestsAndNoKey() {
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

    static RunningApplication start(String... properties) {
        return RunningApplication.start(new SpringApplicationBuilder(Application.class)
                .properties(
                        "management.endpoints.web.exposure.include=millpondratelimits",
                        "management.endpoint.millpondratelimits.access=unrestricted",
                        "millpond.rate-limit.excluded-paths=/actuator/**",
                        "millpond.rate-limit.clients.acme.key=" + KEY,
                        "millpond.rate-limit.clients.acme.tier=pro")
                .properties(properties));
    }

    private RateLimiter limiter() {
        return application.bean(RateLimiter.class);
    }

    private HttpResponse<String> post(String body) {
        return application.post(ENDPOINT, body);
    }

    private HttpResponse<String> get() {
        return application.get(ENDPOINT);
    }

    @OpenApplication
    static class Application {}
}
