package dev.millpond.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.millpond.ratelimit.Client;
import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.RateLimiter;
import dev.millpond.ratelimit.Tier;
import dev.millpond.runtime.PatientRedis;
import dev.millpond.runtime.RedisConnection;
import dev.millpond.runtime.Switch;
import dev.millpond.runtime.SwitchMode;
import dev.millpond.runtime.SwitchSetting;
import dev.millpond.runtime.Switches;
import dev.millpond.testkit.RedisExtension;
import java.net.http.HttpResponse;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Switches over real HTTP, without Spring. */
class SwitchServletIT {

    @RegisterExtension
    static final RedisExtension redis = RedisExtension.create();

    private static final String OFF = "{'name':'rate-limit','mode':'off','scope':'node','by':'alice'}";

    private final Switches switches = Switches.builder().build();
    private final OperatorServer server = start(switches);

    private static OperatorServer start(Switches switches) {
        return OperatorServer.start(authoriser -> new SwitchServlet(switches, authoriser));
    }

    @AfterEach
    void close() {
        server.close();
        switches.close();
    }

    private HttpResponse<String> send(String method, String body) {
        return server.send(method, body);
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT"})
    void change_rateLimitOffAndBack_isInForceAtOnceAndTellsWho(String method) {
        RateLimiter limiter = RateLimiter.builder()
                .defaultTier(Tier.of("one", RateLimit.perMinute(1)))
                .switches(switches)
                .build();
        Client client = Client.ofAddress("192.0.2.7");
        assertThat(limiter.tryAcquire(client, 2).allowed()).isFalse();

        HttpResponse<String> off = send(method, OFF);

        assertThat(off.statusCode()).isEqualTo(200);
        JsonNode state = new JsonMapper().readTree(off.body());
        assertThat(state.get("mode").stringValue()).isEqualTo("off");
        assertThat(state.get("node").get("by").stringValue()).isEqualTo("alice");
        assertThat(limiter.tryAcquire(client, 2).allowed()).isTrue();

        send(method, OFF.replace("'off'", "'default'"));
        assertThat(limiter.tryAcquire(client, 2).allowed()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'name':'rate-limit','mode':'off','scope':'node'}", OFF})
    void post_authenticated_isTheUserWhoeverByNames(String body) {
        HttpResponse<String> off = server.sendAs("bob", "POST", body);

        assertThat(off.statusCode()).isEqualTo(200);
        assertThat(new JsonMapper().readTree(off.body()).get("node").get("by").stringValue())
                .isEqualTo("bob");
        assertThat(switches.state(Switch.RATE_LIMIT).node())
                .map(SwitchSetting::by)
                .contains("bob");
    }

    @Test
    void get_allSwitches_areShownAsJsonThatNobodyStores() {
        send(
                "POST",
                "{'name':'cache:standings','mode':'25%,read-only','scope':'fleet','keep':false,"
                        + "'by':'a \\u0022b\\u0022'}");

        HttpResponse<String> shown = send("GET", "");

        assertThat(shown.statusCode()).isEqualTo(200);
        assertThat(shown.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(shown.headers().firstValue("Content-Type")).contains("application/json");
        JsonNode all = new JsonMapper().readTree(shown.body()).get("switches");
        assertThat(all.valueStream().map(state -> state.get("name").stringValue()))
                .containsExactly("cache", "cache:standings", "millpond", "rate-limit", "warm-up");
        JsonNode standings = all.get(1);
        assertThat(standings.get("mode").stringValue()).isEqualTo("25%,read-only");
        assertThat(standings.get("configured").stringValue()).isEqualTo("on");
        assertThat(standings.get("followed").booleanValue()).isFalse();
        assertThat(standings.get("fleet").get("by").stringValue()).isEqualTo("a \"b\"");
        assertThat(standings.get("fleet").get("kept").booleanValue()).isFalse();
        assertThat(standings.get("fleet").get("at").stringValue()).startsWith("20");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST", "PUT"})
    void any_notAdmitted_isForbiddenAndChangesNothing(String method) {
        HttpResponse<String> refused = server.sendAsStranger(method, OFF);

        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body())
                .isEqualTo("{\"error\":\"The authoriser of the switch servlet does not admit this request. Send the"
                        + " credentials that it asks for.\"}");
        assertThat(switches.state(Switch.RATE_LIMIT).mode()).isEqualTo(SwitchMode.ON);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "nonsense"
            })
    void post_contentOfOtherSites_isRefusedAndChangesNothing(String type) {
        HttpResponse<String> refused = server.send("POST", OFF, type);

        assertThat(refused.statusCode()).isEqualTo(415);
        assertThat(refused.body())
                .isEqualTo("{\"error\":\"The body must be JSON. Send the field 'Content-Type: application/json'.\"}");
        assertThat(switches.state(Switch.RATE_LIMIT).mode()).isEqualTo(SwitchMode.ON);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'name':'rate-limit'}|Property 'mode' is not set. Send on, off,",
                "{'name':'rate-limit','mode':'off','scope':'node','kept':true}|Property 'kept' does not exist. Send",
                "{'name':'rate-limit','mode':'25%','scope':'node','by':'a'}|Switch 'rate-limit' cannot be 25%, must",
                "[]|The body is no flat JSON object: it cannot be read at character 0."
            })
    void post_missingOrWrong_isRefusedWithWhatToSend(String body, String message) {
        HttpResponse<String> refused = send("POST", body);

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(new JsonMapper().readTree(refused.body()).get("error").stringValue())
                .startsWith(message);
    }

    @Test
    void post_veryLargeBody_isRefused() {
        assertThat(send("POST", " ".repeat(5_000)).statusCode()).isEqualTo(413);
    }

    @ParameterizedTest
    @ValueSource(strings = {"node", "fleet"})
    void post_keepOffAndDefault_takesBackWhatIsKeptOnlyWithKeep(String scope) {
        try (RedisConnection connection = PatientRedis.connect(redis.url());
                Switches shared = Switches.builder()
                        .redis(connection)
                        .namespace(scope)
                        .node("one")
                        .build();
                OperatorServer other = start(shared)) {
            String off = OFF.replace("rate-limit", "cache:standings").replace("'node'", "'" + scope + "'");

            assertThat(modeAfter(other, off.replace("'off'", "'25%','keep':true")))
                    .isEqualTo("25%");
            assertThat(modeAfter(other, off)).isEqualTo("off");
            assertThat(modeAfter(other, off.replace("'off'", "'default'"))).isEqualTo("25%");
            assertThat(modeAfter(other, off.replace("'off'", "'default','keep':true")))
                    .isEqualTo("on");
        }
    }

    private static String modeAfter(OperatorServer server, String change) {
        HttpResponse<String> changed = server.send("POST", change);
        return new JsonMapper().readTree(changed.body()).path("mode").asString(changed.body());
    }

    @Test
    void post_redisAway_isUnavailableForTheFleetAndWorksOnTheNode() {
        try (RedisConnection nowhere = RedisConnection.to("redis://127.0.0.1:1");
                Switches shared = Switches.builder().redis(nowhere).build();
                OperatorServer other = start(shared)) {
            HttpResponse<String> refused = other.send("POST", OFF.replace("'node'", "'fleet'"));

            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.body())
                    .startsWith("{\"error\":\"Switch 'rate-limit': Switches under 'millpond:switches");
            assertThat(other.send("POST", OFF).statusCode()).isEqualTo(200);
            assertThat(shared.state(Switch.RATE_LIMIT).node().flatMap(SwitchSetting::mode))
                    .isEqualTo(Optional.of(SwitchMode.OFF));

            HttpResponse<String> nameless = other.send("POST", OFF.replace("'by'", "'keep':true,'by'"));
            assertThat(nameless.statusCode()).isEqualTo(400); // to try again later does not help
            assertThat(nameless.body()).contains("the node has no name");
        }
    }

    @Test
    @SuppressWarnings("NullAway")
    void new_withoutAuthoriser_isRefused() {
        assertThatNullPointerException()
                .isThrownBy(() -> new SwitchServlet(switches, null))
                .withMessage("Switch servlet: authoriser is null. Say who may change what it shows, for example"
                        + " request -> request.isUserInRole(\"operator\").");
    }
}
