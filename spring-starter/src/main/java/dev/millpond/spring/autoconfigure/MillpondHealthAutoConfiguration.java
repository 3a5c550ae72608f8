package dev.millpond.spring.autoconfigure;

import dev.millpond.cache.CacheHealth;
import dev.millpond.cache.CacheRegistry;
import dev.millpond.ratelimit.RateLimitHealth;
import dev.millpond.runtime.HealthMonitor;
import dev.millpond.runtime.JobHealth;
import dev.millpond.runtime.Jobs;
import dev.millpond.runtime.RedisConnection;
import dev.millpond.spring.RateLimiterBuilderCustomizer;
import dev.millpond.spring.internal.health.MillpondHealthIndicator;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/** Makes the health indicator {@code millpond}, if the application reports its health. */
@AutoConfiguration(after = {MillpondCacheAutoConfiguration.class, MillpondJobsAutoConfiguration.class})
@ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnBooleanProperty(name = "millpond.enabled", matchIfMissing = true)
@ConditionalOnEnabledHealthIndicator("millpond")
public final class MillpondHealthAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    RateLimitHealth millpondRateLimitHealth() {
        return new RateLimitHealth();
    }

    @Bean
    RateLimiterBuilderCustomizer millpondRateLimitHealthCustomizer(RateLimitHealth health) {
        return builder -> builder.listener(health);
    }

    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean
    HealthMonitor millpondHealthMonitor(
            CacheRegistry caches,
            RateLimitHealth limits,
            ObjectProvider<Jobs> jobs,
            ObjectProvider<RedisConnection> redis) {
        HealthMonitor.Builder builder =
                HealthMonitor.builder().source(CacheHealth.of(caches)).source(limits);
        jobs.ifUnique(found -> builder.source(JobHealth.of(found)));
        redis.ifAvailable(builder::redis);
        return builder.build();
    }

    @Bean
    @ConditionalOnMissingBean(name = {"millpondHealthIndicator", "millpondHealthContributor"})
    MillpondHealthIndicator millpondHealthIndicator(HealthMonitor health) {
        return new MillpondHealthIndicator(health);
    }
}
