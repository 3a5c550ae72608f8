package dev.millpond.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.runtime.Switch;
import dev.millpond.runtime.SwitchMode;
import dev.millpond.runtime.SwitchScope;
import dev.millpond.runtime.Switches;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.boot.builder.SpringApplicationBuilder;

/** The endpoint of switches over real HTTP. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SwitchEndpointIT {

    private static final String ENDPOINT = "/actuator/millpondswitches";
    private static final String ACCESS = "management.endpoint.millpondswitches.access=";

    private final RunningApplication application = start(ACCESS + "unrestricted");

    @AfterAll
    void stop() {
        application.close();
    }

    @Test
    void post_switch_isInForceAndShown() {
        HttpResponse<String> off = post("{'name':'rate-limit','mode':'off','scope':'fleet','keep':false,'by':'alice'}");

        assertThat(off.statusCode()).isEqualTo(200);
        assertThat(off.body())
                .startsWith(
                        "{\"name\":\"rate-limit\",\"mode\":\"off\",\"configured\":\"on\",\"fleet\":{\"mode\":\"off\","
                                + "\"by\":\"alice\",\"at\":\"");
        assertThat(mode()).isEqualTo(SwitchMode.OFF);
        assertThat(application.get(ENDPOINT).body())
                .contains("{\"name\":\"millpond\",\"mode\":\"on\",\"configured\":\"on\",\"followed\":true}")
                .contains("\"by\":\"alice\"");

        post("{'name':'rate-limit','mode':'default','scope':'fleet','by':'alice'}");
        assertThat(mode()).isEqualTo(SwitchMode.ON);
    }

    @Test
    void post_wrong_isRefusedWithWhatToSend() {
        HttpResponse<String> refused = post("{'name':'rate-limit','mode':'off','by':'alice'}");

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body())
                .isEqualTo("{\"error\":\"Property 'scope' is not set. Send node for this node, or fleet for all.\"}");
    }

    @Test
    void post_keptWithoutRedis_isUnavailable() {
        HttpResponse<String> refused =
                post("{'name':'rate-limit','mode':'off','scope':'fleet','keep':true,'by':'alice'}");

        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.body()).contains("there is no Redis to keep it in");
    }

    @Test
    void post_accessNotGiven_isNotAllowedAndSwitchesCanBeRead() {
        try (RunningApplication readOnly = start(ACCESS)) {
            readOnly.bean(Switches.class).set(Switch.CACHE, SwitchMode.READ_ONLY, SwitchScope.NODE, "alice");

            assertThat(readOnly.post(ENDPOINT, "{'name':'cache','mode':'off','scope':'node','by':'bob'}")
                            .statusCode())
                    .isEqualTo(405);
            assertThat(readOnly.get(ENDPOINT).body()).contains("\"mode\":\"read-only\"");
        }
    }

    private SwitchMode mode() {
        return application.bean(Switches.class).state(Switch.RATE_LIMIT).mode();
    }

    private static RunningApplication start(String access) {
        return RunningApplication.start(new SpringApplicationBuilder(Application.class)
                .properties(
                        access,
                        "management.endpoints.web.exposure.include=millpondswitches",
                        "millpond.rate-limit.excluded-paths=/actuator/**"));
    }

    private HttpResponse<String> post(String body) {
        return application.post(ENDPOINT, body);
    }

    @OpenApplication
    static class Application {}
}
