package dev.millpond.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.CacheResult;
import dev.millpond.cache.CacheResult.Source;
import dev.millpond.cache.LoadingCache;
import dev.millpond.cache.Warmer;
import dev.millpond.runtime.JobState;
import dev.millpond.runtime.Jobs;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
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
    private RunningApplication start(String readyLimit, String... properties) throws Exception {
        ApplicationListener<WebServerInitializedEvent> onPort = event -> listening.complete(
                new RunningApplication((ConfigurableApplicationContext) event.getApplicationContext()));
        started = CompletableFuture.supplyAsync(() -> RunningApplication.start(new SpringApplicationBuilder(Slow.class)
                .properties(
                        "millpond.cache.warm-up.ready-after=numbers",
                        "millpond.cache.warm-up.ready-limit=" + readyLimit,
                        "management.endpoint.health.show-details=always")
                .properties(properties)
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

    /** The warm-up of hot keys waits longer for Redis than the application waits for it. */
    @Test
    void readiness_redisIsRefusedAtStart_is200AfterTheLimitAndLoadersAnswer(CapturedOutput output) throws Exception {
        loaded.countDown();
        RunningApplication application = start(
                "1s",
                "millpond.redis.url=redis://127.0.0.1:1",
                "millpond.cache.warm-up.hot-keys-of=products",
                "millpond.cache.warm-up.ready-after=numbers,products");
        started.get(20, TimeUnit.SECONDS);

        assertThat(application.get(READINESS).statusCode()).isEqualTo(200);
        assertThat(application.get("/actuator/health").body())
                .contains("\"status\":\"DEGRADED\"", "\"redis\":\"connecting\"");
        assertThat(output).containsPattern("The warm-ups of \\[.*products] have not ended within");
        Jobs jobs = application.bean(Jobs.class);
        assertThat(jobs.awaitFirstRuns(List.of("warm-up:numbers"), Duration.ofSeconds(20)))
                .isTrue();
        assertThat(jobs.state("warm-up:numbers").last())
                .map(JobState.Result::status)
                .contains(JobState.Status.SUCCEEDED);
        CacheResult<String> product = products(application).lookup(7L);
        assertThat(product.source()).isEqualTo(Source.LOADER);
        assertThat(product.value()).contains("product 7");
        assertThat(product.degraded()).isTrue();
    }

    @SuppressWarnings("unchecked")
    private static LoadingCache<Long, String> products(RunningApplication application) {
        return application.bean(LoadingCache.class);
    }

    /** A warmer that waits for the test. */
    @OpenApplication
    static class Slow {

        @Bean
        LoadingCache<Long, String> products(CacheRegistry caches) {
            return caches.newCache("products", String.class).build((Long id) -> "product " + id);
        }

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
