package dev.millpond.spring.autoconfigure;

import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.spi.LoadObserver;
import dev.millpond.runtime.RedisConnection;
import dev.millpond.runtime.Switches;
import dev.millpond.spring.CacheProperties;
import dev.millpond.spring.CacheRegistryBuilderCustomizer;
import dev.millpond.spring.MillpondProperties;
import dev.millpond.spring.internal.cache.ConfiguredCacheRegistry;
import dev.millpond.spring.internal.cache.ConfiguredWarmerBuilder;
import dev.millpond.spring.internal.properties.PropertyCheck;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/**
 * Makes the {@link CacheRegistry} of the application.
 *
 * <p>With {@code millpond.enabled} or {@code millpond.cache.enabled} set to false its caches keep nothing: each read
 * calls the loader; after the latter, until a switch is set to on.
 */
@AutoConfiguration(after = {MillpondRedisAutoConfiguration.class, MillpondSwitchesAutoConfiguration.class})
@EnableConfigurationProperties(MillpondProperties.class)
public final class MillpondCacheAutoConfiguration {

    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean(CacheRegistry.class)
    ConfiguredCacheRegistry millpondCacheRegistry(
            MillpondProperties properties,
            ObjectProvider<RedisConnection> redis,
            ObjectProvider<Switches> switches,
            ObjectProvider<LoadObserver> observer,
            ObjectProvider<CacheRegistryBuilderCustomizer> customizers) {
        CacheRegistry.Builder builder = CacheRegistry.builder()
                .namespace(properties.namespace())
                .enabled(properties.caching())
                .stalenessBound(properties.cache().stalenessBound())
                .pollInterval(properties.cache().pollInterval())
                .warmerCustomizer((cache, warmer) -> new ConfiguredWarmerBuilder(
                        cache, warmer, properties.cache().warmUp()));
        redis.ifAvailable(builder::redis);
        switches.ifAvailable(builder::switches);
        observer.ifUnique(builder::loadObserver);
        customizers.orderedStream().forEach(customizer -> customizer.customize(builder));
        return new ConfiguredCacheRegistry(build(builder, properties.cache()), properties.cache());
    }

    private static CacheRegistry build(CacheRegistry.Builder builder, CacheProperties properties) {
        try {
            return builder.build();
        } catch (IllegalStateException e) {
            throw PropertyCheck.broken(
                    "millpond.cache.staleness-bound",
                    properties.stalenessBound(),
                    e,
                    "Set it to a duration such as 2s, or make 'millpond.cache.poll-interval' shorter.");
        }
    }
}
