package dev.millpond.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.spi.LoadObserver;
import dev.millpond.ratelimit.RateLimiter;
import dev.millpond.ratelimit.spi.DecisionObserver;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

final class MillpondObservationAutoConfigurationTest {

    private final TestObservationRegistry observations = TestObservationRegistry.create();

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    MillpondObservationAutoConfiguration.class,
                    MillpondCacheAutoConfiguration.class,
                    MillpondRateLimitAutoConfiguration.class,
                    ObservationAutoConfiguration.class,
                    MetricsAutoConfiguration.class));

    private final ApplicationContextRunner observed = runner.withBean(ObservationRegistry.class, () -> observations);

    @Test
    void decision_applicationWithObservations_isOne() {
        observed.run(context -> {
            context.getBean(RateLimiter.class).tryAcquire("key-42");

            TestObservationRegistryAssert.assertThat(observations)
                    .hasObservationWithNameEqualTo("millpond.ratelimit.decision")
                    .that()
                    .hasLowCardinalityKeyValue("tier", "free")
                    .hasBeenStopped();
        });
    }

    @Test
    void load_applicationWithObservations_isOne() {
        observed.run(context -> {
            context.getBean(CacheRegistry.class)
                    .newCache("numbers", Integer.class)
                    .build((String key) -> 1)
                    .get("one");

            TestObservationRegistryAssert.assertThat(observations)
                    .hasObservationWithNameEqualTo("millpond.cache.load")
                    .that()
                    .hasLowCardinalityKeyValue("cache", "numbers")
                    .hasBeenStopped();
        });
    }

    @Test
    void decision_registryOfSpringBoot_isTimedAsWell() {
        runner.withBean(MeterRegistry.class, SimpleMeterRegistry::new).run(context -> {
            context.getBean(RateLimiter.class).tryAcquire("key-42");

            assertThat(context.getBean(MeterRegistry.class)
                            .get("millpond.ratelimit.decision")
                            .timer()
                            .count())
                    .isEqualTo(1);
        });
    }

    @Test
    void decision_observationsTurnedOffByProperty_isNotTimed() {
        runner.withBean(MeterRegistry.class, SimpleMeterRegistry::new)
                .withPropertyValues("management.observations.enable.millpond=false")
                .run(context -> {
                    context.getBean(RateLimiter.class).tryAcquire("key-42");

                    assertThat(context.getBean(MeterRegistry.class)
                                    .find("millpond.ratelimit.decision")
                                    .timer())
                            .isNull();
                });
    }

    @Test
    void observer_ofTheApplication_isUsedInstead() {
        List<String> heard = new ArrayList<>();
        observed.withBean(DecisionObserver.class, () -> () -> (decision, failure) -> heard.add("" + decision))
                .run(context -> {
                    context.getBean(RateLimiter.class).tryAcquire("key-42");

                    assertThat(heard).hasSize(1);
                    TestObservationRegistryAssert.assertThat(observations).doesNotHaveAnyObservation();
                });
    }

    @Test
    void limiter_withoutMicrometer_works() {
        runner.withClassLoader(new FilteredClassLoader("io.micrometer"))
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean(DecisionObserver.class)
                        .doesNotHaveBean(LoadObserver.class));
    }
}
