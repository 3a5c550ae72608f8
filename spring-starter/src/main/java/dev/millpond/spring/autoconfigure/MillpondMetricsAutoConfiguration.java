package dev.millpond.spring.autoconfigure;

import dev.millpond.cache.CacheRegistry;
import dev.millpond.ratelimit.RateLimiter;
import dev.millpond.runtime.Jobs;
import dev.millpond.runtime.RedisConnection;
import dev.millpond.runtime.Switches;
import dev.millpond.spring.RateLimiterBuilderCustomizer;
import dev.millpond.spring.internal.metrics.CacheMetersBinder;
import dev.millpond.spring.internal.metrics.JobMeters;
import dev.millpond.spring.internal.metrics.RateLimitMeters;
import dev.millpond.spring.internal.metrics.RedisMeters;
import dev.millpond.spring.internal.metrics.SwitchMeters;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.cache.CacheMeterBinder;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;

/** Measures caches, rate limits, switches, jobs and Redis, if the application has a {@link MeterRegistry}. */
@AutoConfiguration(
        after = {
            MillpondRedisAutoConfiguration.class,
            MillpondSwitchesAutoConfiguration.class,
            MillpondCacheAutoConfiguration.class,
            MillpondJobsAutoConfiguration.class
        },
        afterName = "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration")
@ConditionalOnClass(CacheMeterBinder.class)
@ConditionalOnBean(MeterRegistry.class)
@ConditionalOnBooleanProperty(name = "millpond.enabled", matchIfMissing = true)
public final class MillpondMetricsAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    CacheMetersBinder millpondCacheMeters(CacheRegistry caches) {
        return new CacheMetersBinder(caches);
    }

    @Bean
    @ConditionalOnSingleCandidate(Switches.class)
    @ConditionalOnMissingBean
    SwitchMeters millpondSwitchMeters(Switches switches, CacheRegistry caches) {
        return new SwitchMeters(switches, caches);
    }

    @Bean
    @ConditionalOnSingleCandidate(Jobs.class)
    @ConditionalOnMissingBean
    JobMeters millpondJobMeters(Jobs jobs) {
        return new JobMeters(jobs);
    }

    @Bean
    @ConditionalOnSingleCandidate(RedisConnection.class)
    @ConditionalOnMissingBean
    RedisMeters millpondRedisMeters(RedisConnection redis) {
        return new RedisMeters(redis);
    }

    @Bean
    @ConditionalOnMissingBean
    RateLimitMeters millpondRateLimitMeters(
            ObjectProvider<MeterRegistry> registry, ObjectProvider<RateLimiter> limiter) {
        return new RateLimitMeters(registry::getObject, () -> Optional.ofNullable(limiter.getIfUnique()));
    }

    @Bean
    RateLimiterBuilderCustomizer millpondRateLimitMetersCustomizer(RateLimitMeters meters) {
        return builder -> builder.listener(meters);
    }
}
