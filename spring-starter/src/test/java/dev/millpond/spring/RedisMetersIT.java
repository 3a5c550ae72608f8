package dev.millpond.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.millpond.cache.Cache;
import dev.millpond.cache.CacheRegistry;
import dev.millpond.runtime.RedisConnection;
import dev.millpond.spring.autoconfigure.MillpondCacheAutoConfiguration;
import dev.millpond.spring.autoconfigure.MillpondMetricsAutoConfiguration;
import dev.millpond.spring.autoconfigure.MillpondRedisAutoConfiguration;
import dev.millpond.testkit.RedisExtension;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** The meters of a Redis that is stopped and started. */
final class RedisMetersIT {

    @RegisterExtension
    static final RedisExtension redis = RedisExtension.create();

    private final ApplicationContextRunner measured = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    MillpondRedisAutoConfiguration.class,
                    MillpondCacheAutoConfiguration.class,
                    MillpondMetricsAutoConfiguration.class,
                    MetricsAutoConfiguration.class,
                    CompositeMeterRegistryAutoConfiguration.class))
            .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
            .withPropertyValues("millpond.redis.url=" + redis.url());

    @AfterEach
    void startRedis() {
        if (redis.server().controllable()) {
            redis.server().start();
        }
    }

    @Test
    void meters_redisStopsAndStarts_tellIt() {
        assumeThat(redis.server().controllable()).isTrue();
        measured.run(context -> {
            RedisConnection connection = context.getBean(RedisConnection.class);
            MeterRegistry meters = context.getBean(MeterRegistry.class);
            Cache<String, String> cache = context.getBean(CacheRegistry.class)
                    .newCache("names", String.class)
                    .build();
            assertThat(connection.awaitAvailable(Duration.ofSeconds(10))).isTrue();
            cache.get("one", key -> "1");
            assertThat(gauge(meters, "available")).isEqualTo(1);
            awaiting().until(() -> count(meters, "answered") > 0);
            assertThat(gauge(meters, "pool.max")).isEqualTo(16);
            awaiting().until(() -> gauge(meters, "pool.connections", "state", "idle") > 0);

            redis.server().stop();
            awaiting().until(() -> gauge(meters, "available") == 0);
            cache.get("two", key -> "2");
            assertThat(count(meters, "refused")).isPositive();
            assertThat(losses(meters)).isEqualTo(1);
            awaiting().until(() -> gauge(meters, "pool.connections", "state", "idle") == 0);

            redis.server().start();
            awaiting().until(() -> gauge(meters, "available") == 1);
            assertThat(losses(meters)).isEqualTo(1);
            double answered = count(meters, "answered");
            awaiting().until(() -> count(meters, "answered") > answered);
            awaiting().until(() -> gauge(meters, "pool.connections", "state", "idle") > 0);
        });
    }

    private static ConditionFactory awaiting() {
        return await().atMost(Duration.ofSeconds(20));
    }

    private static double losses(MeterRegistry meters) {
        return meters.get("millpond.redis.losses").functionCounter().count();
    }

    private static double count(MeterRegistry meters, String result) {
        return meters.get("millpond.redis.calls")
                .tag("result", result)
                .functionCounter()
                .count();
    }

    private static double gauge(MeterRegistry meters, String name, String... tags) {
        return meters.get("millpond.redis." + name).tags(tags).gauge().value();
    }
}
