package dev.millpond.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millpond.runtime.HalfDoneJob;
import dev.millpond.runtime.Job;
import dev.millpond.runtime.Jobs;
import dev.millpond.runtime.RedisConnection;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;

/** The endpoint of jobs over real HTTP. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class JobEndpointIT {

    private static final String ENDPOINT = "/actuator/millpondjobs";
    private static final String ACCESS = "management.endpoint.millpondjobs.access=";

    private final RunningApplication application = start(Application.class, ACCESS + "unrestricted");

    @AfterEach
    void takeBackOrders() {
        Jobs jobs = application.bean(Jobs.class);
        jobs.resume("quick", "test");
        jobs.resetOffset("quick", "test");
    }

    @AfterAll
    void stop() {
        application.close();
    }

    @Test
    void post_run_letsItRunAndShowsIt() {
        HttpResponse<String> run = post("{'name':'quick','action':'run','by':'alice'}");

        assertThat(run.statusCode()).isEqualTo(200);
        assertThat(run.body()).startsWith("{\"name\":\"quick\",\"schedule\":\"every PT1H\",\"nextRun\":\"");
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(get("/quick").body())
                        .contains(
                                "\"last\":{\"status\":\"succeeded\",\"cause\":\"request\",",
                                "\"counts\":{\"done\":7}"));
        assertThat(get("").body()).startsWith("{\"jobs\":[{\"name\":\"clean\",").contains("{\"name\":\"quick\",");
    }

    @Test
    void get_halfDoneJob_showsHowFarItIs() {
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(get("/clean").body())
                        .contains(
                                "\"running\":{\"cause\":\"start\",\"startedAt\":\"",
                                "\"done\":1,\"total\":2,\"perSecond\":"));
    }

    @Test
    void post_pauseAndOffset_areInForce() {
        assertThat(post("{'name':'quick','action':'pause','by':'alice'}").body())
                .contains("\"paused\":{", "\"by\":\"alice\"");
        assertThat(post("{'name':'quick','action':'offset','offset':'PT15S','by':'alice'}")
                        .body())
                .contains("\"offset\":\"PT15S\"", "\"offsetSet\":{");
    }

    @Test
    void get_unknownJob_isNotFound() {
        HttpResponse<String> refused = get("/other");

        assertThat(refused.statusCode()).isEqualTo(404);
        assertThat(refused.body()).isEqualTo("{\"error\":\"There is no job 'other'. Use one of [clean, quick].\"}");
    }

    @Test
    void post_wrong_isRefusedWithWhatToSend() {
        HttpResponse<String> refused = post("{'name':'quick','by':'alice'}");

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body())
                .isEqualTo("{\"error\":\"Property 'action' is not set. Send run, cancel, pause, resume or offset.\"}");
    }

    @Test
    void post_runWhileItRuns_isAConflict() {
        await().atMost(Duration.ofSeconds(10))
                .until(() ->
                        application.bean(Jobs.class).state("clean").running().isPresent());

        HttpResponse<String> refused = post("{'name':'clean','action':'run','by':'alice'}");

        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.body()).startsWith("{\"error\":\"Job 'clean' was not started: ");
    }

    @Test
    void post_pauseWithoutRedis_isUnavailable() {
        try (RunningApplication withoutRedis = start(WithoutRedis.class, ACCESS + "unrestricted")) {
            HttpResponse<String> refused =
                    withoutRedis.post(ENDPOINT, "{'name':'quick','action':'pause','by':'alice'}");

            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.body()).contains("may not have been changed");
            HttpResponse<String> notRun = withoutRedis.post(ENDPOINT, "{'name':'quick','action':'run','by':'alice'}");
            assertThat(notRun.statusCode()).isEqualTo(503);
            assertThat(notRun.body()).contains("Redis does not answer");
        }
    }

    @Test
    void post_accessNotGiven_isNotAllowedAndJobsCanBeRead() {
        try (RunningApplication readOnly = start(Application.class, ACCESS)) {
            assertThat(readOnly.post(ENDPOINT, "{'name':'quick','action':'run','by':'bob'}")
                            .statusCode())
                    .isEqualTo(405);
            assertThat(readOnly.get(ENDPOINT + "/quick").body()).startsWith("{\"name\":\"quick\",");
        }
    }

    private static RunningApplication start(Class<?> application, String access) {
        return RunningApplication.start(new SpringApplicationBuilder(application)
                .properties(access, "management.endpoints.web.exposure.include=millpondjobs"));
    }

    private HttpResponse<String> get(String path) {
        return application.get(ENDPOINT + path);
    }

    private HttpResponse<String> post(String body) {
        return application.post(ENDPOINT, body);
    }

    @OpenApplication
    static class Application {

        private final HalfDoneJob half = new HalfDoneJob();

        /** Lets the job end before the jobs are closed, which would wait for it. */
        @EventListener(ContextClosedEvent.class)
        void close() {
            half.close();
        }

        @Bean
        Job clean() {
            return half.job();
        }

        @Bean
        Job quick() {
            return Job.of("quick", run -> Map.of("done", 7L)).every(Duration.ofHours(1));
        }
    }

    /** Has a Redis that never answers. */
    @OpenApplication
    static class WithoutRedis extends Application {

        @Bean
        RedisConnection redis() {
            return new FakeRedisConnection(false);
        }
    }
}
