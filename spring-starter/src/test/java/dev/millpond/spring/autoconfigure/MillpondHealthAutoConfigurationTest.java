package dev.millpond.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.cache.Cache;
import dev.millpond.cache.CacheRegistry;
import dev.millpond.ratelimit.RateLimiter;
import dev.millpond.runtime.HealthMonitor;
import dev.millpond.runtime.HealthReport;
import dev.millpond.runtime.Job;
import dev.millpond.runtime.Jobs;
import dev.millpond.runtime.RedisConnection;
import dev.millpond.runtime.spi.HealthSource;
import dev.millpond.spring.FakeRedisConnection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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
                    .isEqualTo(Map.of(
                            "status",
                            "UP",
                            "checks",
                            Map.of("redis", "none", "invalidations", "known"),
                            "metrics",
                            Map.of("caches", 1)));
        });
    }

    @Test
    void health_redisAnswersAndInvalidationsAreUnknown_isUpButDegraded() {
        runner.withBean(RedisConnection.class, () -> new FakeRedisConnection(true))
                .run(context -> {
                    Health health = health(context);
                    assertThat(health.getStatus()).isEqualTo(Status.UP);
                    assertThat(health.getDetails())
                            .containsEntry("status", "DEGRADED")
                            .containsEntry(
                                    "checks", Map.of("redis", "up", "breaker", "closed", "invalidations", "unknown"));
                });
    }

    @Test
    void health_redisIsAway_isUpButDegraded() {
        runner.withBean(RedisConnection.class, () -> new FakeRedisConnection(false))
                .run(context -> {
                    Health health = health(context);
                    assertThat(health.getStatus()).isEqualTo(Status.UP);
                    assertThat(health.getDetails())
                            .containsEntry("status", "DEGRADED")
                            .containsEntry(
                                    "checks", Map.of("redis", "down", "breaker", "open", "invalidations", "unknown"));
                });
    }

    @Test
    void health_cachesAndLimitsInUse_hasTheirRates() {
        runner.withConfiguration(AutoConfigurations.of(MillpondRateLimitAutoConfiguration.class))
                .withPropertyValues("millpond.rate-limit.tiers.free.limit=1")
                .run(context -> {
                    Cache<String, Integer> numbers = context.getBean(CacheRegistry.class)
                            .newCache("numbers", Integer.class)
                            .build();
                    numbers.get("one", key -> 1);
                    numbers.get("one", key -> 1);
                    for (int i = 0; i < 4; i++) {
                        context.getBean(RateLimiter.class).tryAcquire("some-key");
                    }

                    assertThat(health(context).getDetails())
                            .containsEntry(
                                    "metrics",
                                    Map.of(
                                            "caches", 1,
                                            "hitRate1m", 0.5,
                                            "hitRate5m", 0.5,
                                            "blockRate1m", 0.75,
                                            "blockRate5m", 0.75));
                });
    }

    @Test
    void health_jobHasFailed_isUpButDegraded() {
        Job job = Job.of("clean", run -> {
                    throw new IllegalStateException("broken");
                })
                .atStart();
        runner.withConfiguration(AutoConfigurations.of(MillpondJobsAutoConfiguration.class))
                .withBean(Job.class, () -> job)
                .run(context -> {
                    assertThat(checks(context)).containsEntry("jobs", "fine");
                    context.getBean(Jobs.class).start();
                    assertThat(context.getBean(Jobs.class).awaitFirstRuns(List.of("clean"), Duration.ofSeconds(20)))
                            .isTrue();

                    assertThat(health(context).getStatus()).isEqualTo(Status.UP);
                    assertThat(health(context).getDetails()).containsEntry("status", "DEGRADED");
                    assertThat(checks(context)).containsEntry("jobs", "failing");
                });
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> checks(ApplicationContext context) {
        return (Map<String, Object>)
                Objects.requireNonNull(health(context).getDetails().get("checks"));
    }

    @Test
    void health_checkOfTheApplicationIsDown_isDown() {
        HealthSource source = new HealthSource() {
            @Override
            public List<Check> checks() {
                return List.of(new Check("database", "gone", HealthReport.Status.DOWN));
            }
        };
        runner.withBean(
                        HealthMonitor.class,
                        () -> HealthMonitor.builder().source(source).build())
                .run(context -> {
                    Health health = health(context);
                    assertThat(health.getStatus()).isEqualTo(Status.DOWN);
                    assertThat(health.getDetails())
                            .containsEntry("status", "DOWN")
                            .containsEntry("checks", Map.of("redis", "none", "database", "gone"));
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
                .run(context -> assertThat(context)
                        .doesNotHaveBean(HealthIndicator.class)
                        .doesNotHaveBean(HealthMonitor.class));
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
