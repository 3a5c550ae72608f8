package dev.millpond.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.cache.CacheRegistry;
import dev.millpond.runtime.RedisConnection;
import dev.millpond.spring.FakeRedisConnection;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

final class MillpondHealthAutoConfigurationTest {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(MillpondCacheAutoConfiguration.class, MillpondHealthAutoConfiguration.class));

    @Test
    void health_withoutRedis_isUp() {
        runner.run(context -> {
            context.getBean(CacheRegistry.class)
                    .newCache("numbers", Integer.class)
                    .build();
            Health health = health(context);
            assertThat(health.getStatus()).isEqualTo(Status.UP);
            assertThat(health.getDetails())
                    .containsEntry("redis", "none")
                    .containsEntry("invalidations", "known")
                    .containsEntry("degraded", false)
                    .containsEntry("caches", 1);
        });
    }

    @Test
    void health_redisAnswersAndInvalidationsAreUnknown_isUpButDegraded() {
        runner.withBean(RedisConnection.class, () -> new FakeRedisConnection(true))
                .run(context -> {
                    Health health = health(context);
                    assertThat(health.getStatus()).isEqualTo(Status.UP);
                    assertThat(health.getDetails())
                            .containsEntry("redis", "up")
                            .containsEntry("invalidations", "unknown")
                            .containsEntry("degraded", true);
                });
    }

    @Test
    void health_redisIsAway_isUpButDegraded() {
        runner.withBean(RedisConnection.class, () -> new FakeRedisConnection(false))
                .run(context -> {
                    Health health = health(context);
                    assertThat(health.getStatus()).isEqualTo(Status.UP);
                    assertThat(health.getDetails())
                            .containsEntry("redis", "down")
                            .containsEntry("degraded", true);
                });
    }

    @Test
    void indicator_ofTheApplication_wins() {
        runner.withBean(
                        "millpondHealthIndicator",
                        HealthIndicator.class,
                        () -> () -> Health.unknown().build())
                .run(context -> assertThat(health(context).getStatus()).isEqualTo(Status.UNKNOWN));
    }

    @Test
    void indicator_disabledByProperty_isNotMade() {
        runner.withPropertyValues("management.health.millpond.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(HealthIndicator.class));
    }

    @Test
    void indicator_millpondDisabled_isNotMade() {
        runner.withPropertyValues("millpond.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(HealthIndicator.class));
    }

    @Test
    void indicator_withoutSpringsHealth_isNotMade() {
        runner.withClassLoader(new FilteredClassLoader(HealthIndicator.class))
                .run(context -> assertThat(context).doesNotHaveBean("millpondHealthIndicator"));
    }

    private static Health health(ApplicationContext context) {
        return Objects.requireNonNull(context.getBean(HealthIndicator.class).health());
    }
}
