package dev.millpond.spring.autoconfigure;

import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.spi.LoadObserver;
import dev.millpond.runtime.Switches;
import dev.millpond.spring.CacheBuilderCustomizer;
import dev.millpond.spring.MillpondProperties;
import dev.millpond.spring.internal.cache.CachingSetup;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.cache.CacheManager;
import org.springframework.cache.interceptor.CacheAspectSupport;
import org.springframework.cache.support.NoOpCacheManager;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;

/**
 * Makes the {@link CacheManager} behind {@code @Cacheable} and its kind, if caching annotations are enabled.
 *
 * <p>Backs off if the application has a cache manager of its own, sets {@code spring.cache.type}, or brings a JCache
 * provider. With {@code millpond.enabled} set to false annotated methods run as if they had no annotations; with
 * {@code millpond.cache.enabled} set to false they run each time, and other nodes still hear of what they evict.
 */
@AutoConfiguration(
        after = MillpondCacheAutoConfiguration.class,
        beforeName = "org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration")
@ConditionalOnBean(CacheAspectSupport.class)
@ConditionalOnMissingBean(value = CacheManager.class, type = "javax.cache.CacheManager", name = "cacheResolver")
@Conditional(OnAnnotations.class)
@EnableConfigurationProperties(MillpondProperties.class)
public final class MillpondCacheManagerAutoConfiguration {

    private static final String BEAN_NAME = "cacheManager";

    @Bean(BEAN_NAME)
    CacheManager cacheManager(
            CacheRegistry registry,
            ObjectProvider<Switches> switches,
            MillpondProperties properties,
            ConfigurableListableBeanFactory beans,
            ObjectProvider<CacheBuilderCustomizer> customizers,
            ObjectProvider<LoadObserver> observers) {
        return properties.enabled()
                ? CachingSetup.cacheManager(
                        BEAN_NAME,
                        registry,
                        switches.getIfAvailable(() -> Switches.builder().build()),
                        properties.cache(),
                        beans,
                        customizers.orderedStream().toList(),
                        observers.getIfAvailable())
                : new NoOpCacheManager();
    }

    @Bean
    CachingSetup millpondCachingSetup(
            ConfigurableListableBeanFactory beans, @Qualifier(BEAN_NAME) CacheManager cacheManager) {
        return new CachingSetup(beans, cacheManager);
    }
}
