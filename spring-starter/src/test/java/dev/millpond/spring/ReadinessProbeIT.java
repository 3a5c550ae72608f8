package dev.millpond.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.Warmer;
import dev.millpond.runtime.Jobs;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

/** What a load balancer is told over HTTP while an application warms up. */
@ExtendWith(OutputCaptureExtension.class)
@Tag("one-jdk")
final class ReadinessProbeIT {

    private static final String READINESS = "/actuator/health/readiness";

    private final CountDownLatch loaded = new CountDownLatch(1);
    private final CompletableFuture<RunningApplication> listening = new CompletableFuture<>();
    private CompletableFuture<RunningApplication> started = CompletableFuture.failedFuture(new AssertionError());

    /** Starts an application whose warm-up waits for the test, and returns it as soon as it can be asked. */
    private RunningApplication start(String readyLimit) throws Exception {
        ApplicationListener<WebServerInitializedEvent> onPort = event -> listening.complete(
                new RunningApplication((ConfigurableApplicationContext) event.getApplicationContext()));
        started = CompletableFuture.supplyAsync(() -> RunningApplication.start(new SpringApplicationBuilder(Slow.class)
                .properties(
                        "millpond.cache.warm-up.ready-after=numbers",
                        "millpond.cache.warm-up.ready-limit=" + readyLimit,
                        "management.endpoint.health.show-details=always")
                .initializers(context -> context.getBeanFactory().registerSingleton("loaded", loaded))
                .listeners(onPort)));
        return listening.get(20, TimeUnit.SECONDS);
    }

    @AfterEach
    void stop() throws Exception {
        loaded.countDown();
        started.get(20, TimeUnit.SECONDS).close();
    }

    @Test
    void readiness_warmUpIsOnItsWay_is503UntilItHasEnded() throws Exception {
        RunningApplication application = start("1m");
        Jobs jobs = application.bean(Jobs.class);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> jobs.state("warm-up:numbers").running().isPresent());

        HttpResponse<String> before = application.get(READINESS);
        assertThat(before.statusCode()).isEqualTo(503);
        assertThat(before.body()).contains("\"status\":\"OUT_OF_SERVICE\"");
        assertThat(application.get("/actuator/health/liveness").statusCode()).isEqualTo(200);
        assertThat(started).isNotDone();

        loaded.countDown();
        started.get(20, TimeUnit.SECONDS);
        assertThat(application.get(READINESS).statusCode()).isEqualTo(200);
        assertThat(application.get("/actuator/health").body()).contains("\"warmUp\":\"ended\"");
    }

    @Test
    void readiness_limitIsOver_is200AndHealthTellsThatItIsNotWarm(CapturedOutput output) throws Exception {
        RunningApplication application = start("300ms");
        started.get(20, TimeUnit.SECONDS);

        assertThat(application.get(READINESS).statusCode()).isEqualTo(200);
        HttpResponse<String> health = application.get("/actuator/health");
        assertThat(health.statusCode()).isEqualTo(200);
        assertThat(health.body()).contains("\"status\":\"DEGRADED\"", "\"warmUp\":\"running\"");
        assertThat(output).contains("The warm-ups of [numbers] have not ended within");
    }

    /** A warmer that waits for the test. */
    @OpenApplication
    static class Slow {

        @Bean
        Warmer numbers(CacheRegistry caches, CountDownLatch loaded) {
            return caches.newCache("numbers", Integer.class)
                    .build((String key) -> {
                        loaded.await();
                        return 1;
                    })
                    .warmer(() -> Stream.of("one"))
                    .build();
        }
    }
}
