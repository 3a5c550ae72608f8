package dev.millpond.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.Warmer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.AvailabilityState;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** An application takes traffic after its warm-ups, or when it has waited for them long enough. */
@ExtendWith(OutputCaptureExtension.class)
final class ReadinessTest {

    private static final String READY_AFTER = "millpond.cache.warm-up.ready-after=";

    private final CountDownLatch loading = new CountDownLatch(1);
    private final CountDownLatch loaded = new CountDownLatch(1);
    private final List<AvailabilityState> states = new CopyOnWriteArrayList<>();

    private ConfigurableApplicationContext run(String... properties) {
        ApplicationListener<AvailabilityChangeEvent<?>> listener = event -> states.add(event.getState());
        return new SpringApplicationBuilder(SlowWarmer.class)
                .web(WebApplicationType.NONE)
                .properties("spring.main.banner-mode=off")
                .properties(properties)
                .listeners(listener)
                .initializers(context -> {
                    context.getBeanFactory().registerSingleton("loading", loading);
                    context.getBeanFactory().registerSingleton("loaded", loaded);
                })
                .run();
    }

    @Test
    void run_warmUpIsSlow_takesTrafficWhenItHasEnded(CapturedOutput output) throws Exception {
        CompletableFuture<ConfigurableApplicationContext> started =
                CompletableFuture.supplyAsync(() -> run(READY_AFTER + "numbers"));
        assertThat(loading.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(states).containsExactly(LivenessState.CORRECT);

        loaded.countDown();
        started.get(20, TimeUnit.SECONDS).close();
        assertThat(states).startsWith(LivenessState.CORRECT, ReadinessState.ACCEPTING_TRAFFIC);
        assertThat(output)
                .containsPattern("Took no traffic for \\d+ ms, until the warm-ups of \\[numbers] had ended\\.");
    }

    @Test
    void run_warmUpTakesLongerThanTheLimit_takesTrafficAllTheSame(CapturedOutput output) {
        try (ConfigurableApplicationContext context =
                run(READY_AFTER + "numbers", "millpond.cache.warm-up.ready-limit=300ms")) {
            assertThat(context.isRunning()).isTrue();
            assertThat(states).containsExactly(LivenessState.CORRECT, ReadinessState.ACCEPTING_TRAFFIC);
            loaded.countDown();
        }
        assertThat(output)
                .contains(
                        "The warm-ups of [numbers] have not ended within 'millpond.cache.warm-up.ready-limit', which is"
                                + " PT0.3S; the application takes traffic while they go on. Allow them more time, or remove them"
                                + " from 'millpond.cache.warm-up.ready-after'.");
    }

    @Test
    void run_nothingToWaitFor_takesTrafficAtOnce() {
        try (ConfigurableApplicationContext context = run()) {
            assertThat(context.isRunning()).isTrue();
            assertThat(states).containsExactly(LivenessState.CORRECT, ReadinessState.ACCEPTING_TRAFFIC);
            loaded.countDown();
        }
    }

    @Test
    void run_propertiesOfAWarmerThatIsNotThere_areWarnedAbout(CapturedOutput output) {
        loaded.countDown();
        run("millpond.cache.warm-up.warmers.numbrs.refresh-every=1m").close();
        assertThat(output)
                .contains("Properties below 'millpond.cache.warm-up.warmers' name [numbrs], but the warmers of this"
                        + " application are [numbers, others]. Use 'numbers' for 'numbrs', or remove it.");
    }

    /** Two warmers, one of which waits for the test. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class SlowWarmer {

        @Bean
        Warmer numbers(CacheRegistry caches, CountDownLatch loading, CountDownLatch loaded) {
            return caches.newCache("numbers", Integer.class)
                    .build((String key) -> {
                        loading.countDown();
                        loaded.await();
                        return 1;
                    })
                    .warmer(() -> Stream.of("one"))
                    .build();
        }

        @Bean
        Warmer others(CacheRegistry caches) {
            return caches.newCache("others", Integer.class)
                    .build((String key) -> 1)
                    .warmer(() -> Stream.of("one"))
                    .build();
        }
    }
}
