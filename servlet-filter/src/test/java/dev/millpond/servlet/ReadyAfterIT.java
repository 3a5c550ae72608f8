package dev.millpond.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millpond.runtime.HealthMonitor;
import dev.millpond.runtime.Job;
import dev.millpond.runtime.JobHealth;
import dev.millpond.runtime.Jobs;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a load balancer is told over HTTP, without Spring, while an instance warms up. */
@Tag("one-jdk")
class ReadyAfterIT {

    private final CountDownLatch end = new CountDownLatch(1);
    private final Jobs jobs = Jobs.builder()
            .job(Job.of("warm-up:standings", run -> {
                        end.await();
                        return Map.of();
                    })
                    .atStart())
            .job(Job.of("warm-up:news", run -> Map.of()).atStart())
            .build();

    @AfterEach
    void close() {
        end.countDown();
        jobs.close();
    }

    private WebServer start(HealthMonitor health) throws Exception {
        WebServer server = Container.TOMCAT.start(new WebApp()
                .with(context ->
                        context.addServlet("health", new HealthServlet(health)).addMapping("/health")));
        jobs.start();
        return server;
    }

    private HealthMonitor readyWithin(Duration limit) {
        return HealthMonitor.builder()
                .source(JobHealth.readyAfter(jobs, List.of("warm-up:standings", "warm-up:news"), limit))
                .build();
    }

    @Test
    void health_namedWarmUpIsOnItsWay_is503UntilItHasEnded() throws Exception {
        try (HealthMonitor health = readyWithin(Duration.ofMinutes(1));
                WebServer server = start(health)) {
            HttpResponse<String> before = server.get("/health");
            assertThat(before.statusCode()).isEqualTo(503);
            assertThat(before.body()).contains("\"status\":\"DOWN\"", "\"warmUp\":\"running\"");

            end.countDown();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> server.get("/health").statusCode() == 200);
            assertThat(server.get("/health").body()).contains("\"status\":\"UP\"", "\"warmUp\":\"ended\"");
        }
    }

    @Test
    void health_limitIsOver_is200AndTellsThatItGaveUp() throws Exception {
        try (HealthMonitor health = readyWithin(Duration.ofMillis(500));
                WebServer server = start(health)) {
            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                HttpResponse<String> after = server.get("/health");
                assertThat(after.statusCode()).isEqualTo(200);
                assertThat(after.body()).contains("\"warmUp\":\"given-up\"", "\"jobsRunning\":1");
            });
        }
    }
}
