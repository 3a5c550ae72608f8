package dev.millpond.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.awaitility.Awaitility.await;

import dev.millpond.runtime.HalfDoneJob;
import dev.millpond.runtime.Job;
import dev.millpond.runtime.JobState;
import dev.millpond.runtime.Jobs;
import dev.millpond.runtime.RedisConnection;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Jobs over real HTTP, without Spring. */
class JobServletIT {

    private static final String PAUSE = "{'name':'quick','action':'pause','by':'alice'}";
    private static final String RUN_ENDLESS = "{'name':'endless','action':'run','by':'alice'}";

    private final CountDownLatch end = new CountDownLatch(1);
    private final Jobs jobs = jobs().build();
    private final OperatorServer server = start(jobs);

    private Jobs.Builder jobs() {
        return Jobs.builder()
                .job(Job.of("endless", run -> {
                    end.await();
                    return Map.of();
                }))
                .job(Job.of("quick", run -> Map.of("done", 7L)).every(Duration.ofHours(1)));
    }

    private static OperatorServer start(Jobs jobs) {
        jobs.start();
        return OperatorServer.start(authoriser -> new JobServlet(jobs, authoriser));
    }

    @AfterEach
    void close() {
        end.countDown();
        server.close();
        jobs.close();
    }

    private static JsonNode json(HttpResponse<String> response) {
        return new JsonMapper().readTree(response.body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT"})
    void change_pauseAndResume_isInForceAtOnceAndTellsWho(String method) {
        HttpResponse<String> paused = server.send(method, PAUSE);

        assertThat(paused.statusCode()).isEqualTo(200);
        assertThat(json(paused).get("paused").get("by").stringValue()).isEqualTo("alice");
        assertThat(jobs.state("quick").paused()).isPresent();

        server.send(method, PAUSE.replace("pause", "resume"));
        assertThat(jobs.state("quick").paused()).isEmpty();
    }

    @Test
    void post_authenticated_isTheUserWhoeverByNames() {
        HttpResponse<String> paused = server.sendAs("bob", "POST", PAUSE);

        assertThat(json(paused).get("paused").get("by").stringValue()).isEqualTo("bob");
        assertThat(jobs.state("quick").paused()).map(JobState.Order::by).contains("bob");
    }

    @Test
    void get_allJobs_areShownAsJsonThatNobodyStores() {
        assertThat(server.send("POST", PAUSE.replace("pause", "run")).statusCode())
                .isEqualTo(200);
        await().atMost(Duration.ofSeconds(10))
                .until(() -> jobs.state("quick").last().isPresent());

        HttpResponse<String> shown = server.send("GET", "");

        assertThat(shown.statusCode()).isEqualTo(200);
        assertThat(shown.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(shown.headers().firstValue("Content-Type")).contains("application/json");
        JsonNode all = json(shown).get("jobs");
        assertThat(all.valueStream().map(state -> state.get("name").stringValue()))
                .containsExactly("endless", "quick");
        assertThat(all.get(1).get("last").get("counts").get("done").longValue()).isEqualTo(7);
        assertThat(all.get(1).get("runs").longValue()).isEqualTo(1);
    }

    @Test
    void get_halfDoneJob_showsHowFarItIs() throws InterruptedException {
        HalfDoneJob job = new HalfDoneJob();
        try (Jobs others = Jobs.builder().job(job.job()).build();
                OperatorServer other = start(others);
                job) { // ends first, since the jobs wait for it
            job.awaitHalf();

            JsonNode running = json(other.send("GET", "")).get("jobs").get(0).get("running");

            assertThat(running.get("cause").stringValue()).isEqualTo("start");
            assertThat(running.get("done").longValue()).isEqualTo(1);
            assertThat(running.get("total").longValue()).isEqualTo(2);
            assertThat(running.propertyNames()).contains("startedAt", "perSecond", "left");
        }
    }

    @Test
    void post_runAndCancel_areSentToTheJob() {
        assertThat(json(server.send("POST", RUN_ENDLESS)).get("name").stringValue())
                .isEqualTo("endless");
        await().atMost(Duration.ofSeconds(10))
                .until(() -> jobs.state("endless").running().isPresent());

        HttpResponse<String> again = server.send("POST", RUN_ENDLESS);
        assertThat(again.statusCode()).isEqualTo(409);
        assertThat(again.body()).startsWith("{\"error\":\"Job 'endless' was not started: ");

        server.send("POST", RUN_ENDLESS.replace("run", "cancel"));
        end.countDown();
        await().atMost(Duration.ofSeconds(10))
                .until(() -> jobs.state("endless").last().isPresent());
        assertThat(jobs.state("endless").last()).map(JobState.Result::status).contains(JobState.Status.CANCELLED);
    }

    @Test
    void post_offset_isSet() {
        String offset = "{'name':'quick','action':'offset','offset':'PT15S','by':'alice'}";

        assertThat(json(server.send("POST", offset)).get("offset").stringValue())
                .isEqualTo("PT15S");
    }

    @Test
    void post_notAdmitted_isForbiddenAndChangesNothing() {
        HttpResponse<String> refused = server.sendAsStranger("POST", PAUSE);

        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body())
                .isEqualTo("{\"error\":\"The authoriser of the job servlet does not admit this request. Send the"
                        + " credentials that it asks for.\"}");
        assertThat(jobs.state("quick").paused()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'name':'quick'}|Property 'action' is not set. Send run, cancel, pause, resume or offset.",
                "{'name':'other','action':'pause','by':'a'}|There is no job 'other'. Use one of [endless, quick].",
                "{'name':'quick','mode':'off'}|Property 'mode' does not exist. Send name, action, offset and by.",
                "{'name':'endless','action':'offset','offset':'PT1S','by':'a'}|Job 'endless' cannot have an offset: it has"
            })
    void post_missingOrWrong_isRefusedWithWhatToSend(String body, String message) {
        HttpResponse<String> refused = server.send("POST", body);

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(json(refused).get("error").stringValue()).startsWith(message);
    }

    @Test
    void post_redisAway_isUnavailable() {
        try (RedisConnection nowhere = RedisConnection.to("redis://127.0.0.1:1");
                Jobs shared = jobs().redis(nowhere).build();
                OperatorServer other = start(shared)) {
            HttpResponse<String> refused = other.send("POST", PAUSE);

            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.body()).contains("may not have been changed");
            HttpResponse<String> notRun = other.send("POST", PAUSE.replace("pause", "run"));
            assertThat(notRun.statusCode()).isEqualTo(503);
            assertThat(notRun.body()).contains("Redis does not answer");
            assertThat(other.send("GET", "").statusCode()).isEqualTo(200);
        }
    }

    @Test
    @SuppressWarnings("NullAway")
    void new_withoutAuthoriser_isRefused() {
        assertThatNullPointerException()
                .isThrownBy(() -> new JobServlet(jobs, null))
                .withMessage("Job servlet: authoriser is null. Say who may change what it shows, for example"
                        + " request -> request.isUserInRole(\"operator\").");
    }
}
