package dev.millpond.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.runtime.Switch;
import dev.millpond.runtime.SwitchMode;
import dev.millpond.runtime.SwitchScope;
import dev.millpond.runtime.Switches;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.ManagementWebSecurityAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/** The endpoint of switches over real HTTP. */
final class SwitchEndpointIT {

    private static final String ACCESS = "management.endpoint.millpondswitches.access=";

    private final HttpClient http = HttpClient.newHttpClient();
    private ConfigurableApplicationContext application = start(ACCESS + "unrestricted");

    @AfterEach
    void stop() {
        application.close();
    }

    @Test
    void post_switch_isInForceAndShown() throws Exception {
        HttpResponse<String> off = post("{'name':'rate-limit','mode':'off','scope':'fleet','keep':false,'by':'alice'}");

        assertThat(off.statusCode()).isEqualTo(200);
        assertThat(off.body())
                .startsWith(
                        "{\"name\":\"rate-limit\",\"mode\":\"off\",\"configured\":\"on\",\"fleet\":{\"mode\":\"off\","
                                + "\"by\":\"alice\",\"at\":\"");
        assertThat(mode()).isEqualTo(SwitchMode.OFF);
        assertThat(send(HttpRequest.newBuilder(uri())).body())
                .contains("{\"name\":\"millpond\",\"mode\":\"on\",\"configured\":\"on\",\"followed\":true}")
                .contains("\"by\":\"alice\"");

        post("{'name':'rate-limit','mode':'default','scope':'fleet','by':'alice'}");
        assertThat(mode()).isEqualTo(SwitchMode.ON);
    }

    @Test
    void post_wrong_isRefusedWithWhatToSend() throws Exception {
        HttpResponse<String> refused = post("{'name':'rate-limit','mode':'off','by':'alice'}");

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body())
                .isEqualTo("{\"error\":\"Property 'scope' is not set. Send node for this node, or fleet for all.\"}");
    }

    @Test
    void post_keptWithoutRedis_isUnavailable() throws Exception {
        HttpResponse<String> refused =
                post("{'name':'rate-limit','mode':'off','scope':'fleet','keep':true,'by':'alice'}");

        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.body()).contains("there is no Redis to keep it in");
    }

    @Test
    void post_accessNotGiven_isNotAllowedAndSwitchesCanBeRead() throws Exception {
        application.close();
        application = start(ACCESS);
        application.getBean(Switches.class).set(Switch.CACHE, SwitchMode.READ_ONLY, SwitchScope.NODE, "alice");

        assertThat(post("{'name':'cache','mode':'off','scope':'node','by':'bob'}")
                        .statusCode())
                .isEqualTo(405);
        assertThat(send(HttpRequest.newBuilder(uri())).body()).contains("\"mode\":\"read-only\"");
    }

    private SwitchMode mode() {
        return application.getBean(Switches.class).state(Switch.RATE_LIMIT).mode();
    }

    private static ConfigurableApplicationContext start(String... properties) {
        return new SpringApplicationBuilder(Application.class)
                .properties(
                        "server.address=127.0.0.1",
                        "server.port=0",
                        "server.tomcat.basedir=target/tomcat", // by default each start leaves a folder behind
                        "spring.main.banner-mode=off",
                        "management.endpoints.web.exposure.include=millpondswitches",
                        "millpond.rate-limit.excluded-paths=/actuator/**")
                .properties(properties)
                .run();
    }

    private HttpResponse<String> post(String body) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(uri())
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.replace("'", "\""))));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private URI uri() {
        return URI.create("http://127.0.0.1:" + application.getEnvironment().getProperty("local.server.port")
                + "/actuator/millpondswitches");
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration(
            exclude = {ServletWebSecurityAutoConfiguration.class, ManagementWebSecurityAutoConfiguration.class})
    static class Application {}
}
