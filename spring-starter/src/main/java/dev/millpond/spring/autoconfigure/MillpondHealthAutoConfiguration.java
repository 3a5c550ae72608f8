package dev.millpond.spring.autoconfigure;

import dev.millpond.cache.CacheRegistry;
import dev.millpond.runtime.RedisConnection;
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
@AutoConfiguration(after = MillpondCacheAutoConfiguration.class)
@ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnBooleanProperty(name = "millpond.enabled", matchIfMissing = true)
@ConditionalOnEnabledHealthIndicator("millpond")
public final class MillpondHealthAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean(name = {"millpondHealthIndicator", "millpondHealthContributor"})
    MillpondHealthIndicator millpondHealthIndicator(CacheRegistry caches, ObjectProvider<RedisConnection> redis) {
        return new MillpondHealthIndicator(caches, redis.getIfAvailable());
    }
}
