package dev.millpond.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millpond.runtime.Job;
import dev.millpond.runtime.Jobs;
import dev.millpond.runtime.RedisConnection;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.ManagementWebSecurityAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The endpoint of jobs over real HTTP. */
final class JobEndpointIT {

    private static final String ACCESS = "management.endpoint.millpondjobs.access=";

    private final HttpClient http = HttpClient.newHttpClient();
    private ConfigurableApplicationContext application = start(Application.class, ACCESS + "unrestricted");

    @AfterEach
    void stop() {
        application.getBeansOfType(CountDownLatch.class).values().forEach(CountDownLatch::countDown);
        application.close();
    }

    @Test
    void post_run_letsItRunAndShowsIt() throws Exception {
        HttpResponse<String> run = post("{'name':'quick','action':'run','by':'alice'}");

        assertThat(run.statusCode()).isEqualTo(200);
        assertThat(run.body()).startsWith("{\"name\":\"quick\",\"schedule\":\"every PT1H\",\"nextRun\":\"");
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(get("/quick").body())
                        .contains(
                                "\"last\":{\"status\":\"succeeded\",\"cause\":\"request\",",
                                "\"counts\":{\"done\":7}"));
        assertThat(get("").body())
                .startsWith("{\"jobs\":[{\"name\":\"endless\",")
                .contains("{\"name\":\"quick\",");
    }

    @Test
    void post_pauseAndOffset_areInForce() throws Exception {
        assertThat(post("{'name':'quick','action':'pause','by':'alice'}").body())
                .contains("\"paused\":{", "\"by\":\"alice\"");
        assertThat(post("{'name':'quick','action':'offset','offset':'PT15S','by':'alice'}")
                        .body())
                .contains("\"offset\":\"PT15S\"", "\"offsetSet\":{");
    }

    @Test
    void get_unknownJob_isNotFound() throws Exception {
        HttpResponse<String> refused = get("/other");

        assertThat(refused.statusCode()).isEqualTo(404);
        assertThat(refused.body()).isEqualTo("{\"error\":\"There is no job 'other'. Use one of [endless, quick].\"}");
    }

    @Test
    void post_wrong_isRefusedWithWhatToSend() throws Exception {
        HttpResponse<String> refused = post("{'name':'quick','by':'alice'}");

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body())
                .isEqualTo("{\"error\":\"Property 'action' is not set. Send run, cancel, pause, resume or offset.\"}");
    }

    @Test
    void post_runWhileItRuns_isAConflict() throws Exception {
        await().atMost(Duration.ofSeconds(10))
                .until(() -> application
                        .getBean(Jobs.class)
                        .state("endless")
                        .running()
                        .isPresent());

        HttpResponse<String> refused = post("{'name':'endless','action':'run','by':'alice'}");

        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.body()).startsWith("{\"error\":\"Job 'endless' was not started: ");
    }

    @Test
    void post_pauseWithoutRedis_isUnavailable() throws Exception {
        stop();
        application = start(WithoutRedis.class, ACCESS + "unrestricted");

        HttpResponse<String> refused = post("{'name':'quick','action':'pause','by':'alice'}");

        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.body()).contains("may not have been changed");
    }

    @Test
    void post_accessNotGiven_isNotAllowedAndJobsCanBeRead() throws Exception {
        stop();
        application = start(Application.class, ACCESS);

        assertThat(post("{'name':'quick','action':'run','by':'bob'}").statusCode())
                .isEqualTo(405);
        assertThat(get("/quick").body()).startsWith("{\"name\":\"quick\",");
    }

    private static ConfigurableApplicationContext start(Class<?> application, String... properties) {
        return new SpringApplicationBuilder(application)
                .properties(
                        "server.address=127.0.0.1",
                        "server.port=0",
                        "server.tomcat.basedir=target/tomcat", // by default each start leaves a folder behind
                        "spring.main.banner-mode=off",
                        "management.endpoints.web.exposure.include=millpondjobs")
                .properties(properties)
                .run();
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String body) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(uri(""))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body.replace("'", "\"")))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + application.getEnvironment().getProperty("local.server.port")
                + "/actuator/millpondjobs" + path);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration(
            exclude = {ServletWebSecurityAutoConfiguration.class, ManagementWebSecurityAutoConfiguration.class})
    static class Application {

        @Bean
        CountDownLatch end() {
            return new CountDownLatch(1);
        }

        @Bean
        Job endless(CountDownLatch end) {
            return Job.of("endless", run -> {
                        end.await();
                        return Map.of();
                    })
                    .atStart();
        }

        @Bean
        Job quick() {
            return Job.of("quick", run -> Map.of("done", 7L)).every(Duration.ofHours(1));
        }
    }

    /** Has a Redis that never answers. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration(
            exclude = {ServletWebSecurityAutoConfiguration.class, ManagementWebSecurityAutoConfiguration.class})
    static class WithoutRedis extends Application {

        @Bean
        RedisConnection redis() {
            return new FakeRedisConnection(false);
        }
    }
}
