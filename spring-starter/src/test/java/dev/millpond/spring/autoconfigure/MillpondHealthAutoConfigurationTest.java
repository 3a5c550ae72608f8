package dev.millpond.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.cache.Cache;
import dev.millpond.cache.CacheRegistry;
import dev.millpond.ratelimit.RateLimiter;
import dev.millpond.runtime.HalfDoneJob;
import dev.millpond.runtime.HealthMonitor;
import dev.millpond.runtime.HealthReport;
import dev.millpond.runtime.Job;
import dev.millpond.runtime.Jobs;
import dev.millpond.runtime.RedisConnection;
import dev.millpond.runtime.RedisStats;
import dev.millpond.runtime.spi.HealthSource;
import dev.millpond.spring.FakeRedisConnection;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
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
                    assertDocumented(checks(context));
                    context.getBean(Jobs.class).start();
                    assertThat(context.getBean(Jobs.class).awaitFirstRuns(List.of("clean"), Duration.ofSeconds(20)))
                            .isTrue();

                    assertThat(health(context).getStatus()).isEqualTo(Status.UP);
                    assertThat(health(context).getDetails()).containsEntry("status", "DEGRADED");
                    assertThat(checks(context)).containsEntry("jobs", "failing");
                    assertDocumented(checks(context));
                });
    }

    private static Map<String, Object> checks(ApplicationContext context) {
        return details(context, "checks");
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> details(ApplicationContext context, String name) {
        return (Map<String, Object>)
                Objects.requireNonNull(health(context).getDetails().get(name));
    }

    @Test
    void health_everythingIsThere_hasTheDocumentedChecksAndFigures() throws Exception {
        Set<String> figures = MetricsPage.column("figure", "tells").keySet().stream()
                .flatMap(cell -> Stream.of(cell.split(", ")))
                .collect(Collectors.toSet());
        Set<String> checks = new HashSet<>(MetricsPage.column("check", "values").keySet());
        checks.remove("health"); // which is there if a source fails

        runEverything(context -> {
            assertThat(details(context, "checks")).containsOnlyKeys(checks);
            assertThat(details(context, "metrics")).containsOnlyKeys(figures);
        });
    }

    /** Runs an application of which everything is known that health can tell. */
    private void runEverything(Consumer<ApplicationContext> check) {
        HalfDoneJob job = new HalfDoneJob();
        runner.withConfiguration(AutoConfigurations.of(MillpondRateLimitAutoConfiguration.class))
                .withBean(RedisConnection.class, () -> new FakeRedisConnection(redis(RedisStats.State.AVAILABLE)))
                .withBean(Jobs.class, () -> Jobs.builder().job(job.job()).build())
                .run(context -> {
                    try (job) {
                        context.getBean(CacheRegistry.class)
                                .newCache("numbers", Integer.class)
                                .build()
                                .get("one", key -> 1);
                        context.getBean(RateLimiter.class).tryAcquire("some-key");
                        context.getBean(Jobs.class).start();
                        job.awaitHalf();
                        check.accept(context);
                    }
                });
    }

    private static RedisStats redis(RedisStats.State state) {
        return new RedisStats(
                state,
                Duration.ZERO,
                0,
                new RedisStats.Calls(0, 0, 0, 0, 0, 0, 0, 0, 0),
                Optional.of(new RedisStats.Pool(1, 1, 0, 16)));
    }

    @ParameterizedTest
    @EnumSource
    void health_redisIsAsItCanBe_hasDocumentedValues(RedisStats.State state) throws Exception {
        try (HealthMonitor health = HealthMonitor.builder()
                .redis(new FakeRedisConnection(redis(state)))
                .build()) {
            assertDocumented(health.report().checks());
        }
    }

    @Test
    void health_sourceThrows_hasTheDocumentedCheckForThat() throws Exception {
        HealthSource broken = new HealthSource() {
            @Override
            public List<Check> checks() {
                throw new IllegalStateException("broken");
            }
        };
        try (HealthMonitor health = HealthMonitor.builder().source(broken).build()) {
            assertThat(health.report().checks()).containsOnlyKeys("redis", "health");
            assertDocumented(health.report().checks());
        }
    }

    private static void assertDocumented(Map<String, ?> checks) throws IOException {
        Map<String, String> values = MetricsPage.column("check", "values");
        checks.forEach((check, value) -> assertThat(MetricsPage.quoted(Objects.requireNonNull(values.get(check))))
                .as(check)
                .contains(String.valueOf(value)));
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
