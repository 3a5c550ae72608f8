package dev.millpond.spring.autoconfigure;

import dev.millpond.cache.CacheRegistry;
import dev.millpond.spring.CacheBuilderCustomizer;
import dev.millpond.spring.internal.cache.CachingSetup;
import dev.millpond.spring.internal.cache.MillpondCacheManager;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.cache.CacheManager;
import org.springframework.cache.interceptor.CacheAspectSupport;
import org.springframework.cache.support.NoOpCacheManager;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/**
 * Makes the {@link CacheManager} behind {@code @Cacheable} and its kind, if caching annotations are enabled.
 *
 * <p>Backs off if the application has a cache manager of its own, sets {@code spring.cache.type}, or brings a JCache
 * provider. With {@code millpond.enabled} or {@code millpond.cache.enabled} set to false annotated methods run as if
 * they had no annotations.
 */
@AutoConfiguration(
        after = MillpondCacheAutoConfiguration.class,
        beforeName = "org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration")
@ConditionalOnBean(CacheAspectSupport.class)
@ConditionalOnMissingBean(value = CacheManager.class, type = "javax.cache.CacheManager", name = "cacheResolver")
@Conditional(OnAnnotations.class)
public final class MillpondCacheManagerAutoConfiguration {

    private static final String BEAN_NAME = "cacheManager";

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnBooleanProperty(
            name = {"millpond.enabled", "millpond.cache.enabled"},
            matchIfMissing = true)
    static class Enabled {

        @Bean(BEAN_NAME)
        MillpondCacheManager cacheManager(
                CacheRegistry registry,
                ConfigurableListableBeanFactory beans,
                ObjectProvider<CacheBuilderCustomizer> customizers) {
            return CachingSetup.cacheManager(
                    BEAN_NAME, registry, beans, customizers.orderedStream().toList());
        }

        @Bean
        CachingSetup millpondCachingSetup(ConfigurableListableBeanFactory beans, MillpondCacheManager cacheManager) {
            return new CachingSetup(beans, cacheManager);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnMissingBean(CacheManager.class)
    static class Disabled {

        @Bean(BEAN_NAME)
        CacheManager cacheManager() {
            return new NoOpCacheManager();
        }
    }
}
