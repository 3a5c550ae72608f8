package dev.millpond.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.spring.FakeCachingProvider;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.CachingConfigurer;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.caffeine.CaffeineCacheManager;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.cache.interceptor.CacheResolver;
import org.springframework.cache.interceptor.SimpleCacheResolver;
import org.springframework.cache.jcache.JCacheCacheManager;
import org.springframework.cache.support.NoOpCacheManager;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

final class MillpondCacheManagerAutoConfigurationTest {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    MillpondCacheAutoConfiguration.class,
                    MillpondCacheManagerAutoConfiguration.class,
                    CacheAutoConfiguration.class))
            .withUserConfiguration(Caching.class);

    @Test
    void cacheManager_nothingElseChosen_isOurs() {
        runner.run(context -> assertOurs(context.getBean(CacheManager.class)));
    }

    @Test
    void cacheManager_noEnableCaching_isNotMade() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        MillpondCacheAutoConfiguration.class,
                        MillpondCacheManagerAutoConfiguration.class,
                        CacheAutoConfiguration.class))
                .run(context -> assertThat(context).doesNotHaveBean(CacheManager.class));
    }

    @Test
    void cacheManager_ofTheApplication_wins() {
        CacheManager own = new ConcurrentMapCacheManager();
        runner.withBean(CacheManager.class, () -> own)
                .run(context -> assertThat(context.getBean(CacheManager.class)).isSameAs(own));
    }

    @Test
    void cacheManager_cacheResolverOfTheApplication_wins() {
        runner.withUserConfiguration(OwnResolver.class)
                .run(context -> assertThat(context).doesNotHaveBean(CacheManager.class));
    }

    @Test
    void cacheManager_springCacheType_decides() {
        runner.withPropertyValues("spring.cache.type=caffeine")
                .run(context ->
                        assertThat(context.getBean(CacheManager.class)).isInstanceOf(CaffeineCacheManager.class));
    }

    @Test
    void cacheManager_millpondDisabled_keepsNothing() {
        runner.withPropertyValues("millpond.enabled=false")
                .run(context -> assertThat(context.getBean(CacheManager.class)).isInstanceOf(NoOpCacheManager.class));
    }

    @Test
    void cacheManager_cachesDisabled_isOursAndKeepsNothing() {
        runner.withPropertyValues("millpond.cache.enabled=false").run(context -> {
            CacheManager cacheManager = context.getBean(CacheManager.class);
            assertOurs(cacheManager);
            assertThat(cacheManager.getCache("any")).isNotNull().satisfies(cache -> {
                cache.put("a", 1);
                assertThat(cache.get("a")).isNull();
            });
        });
    }

    @Test
    void cacheManager_annotationsOff_isLeftToSpringBoot() {
        runner.withPropertyValues("millpond.cache.annotations=false", "spring.cache.type=simple")
                .run(context ->
                        assertThat(context.getBean(CacheManager.class)).isInstanceOf(ConcurrentMapCacheManager.class));
    }

    @Test
    void cacheManager_onlyRedissonBringsAJCacheProvider_isOurs() {
        runner.run(context -> {
            assertThat(javax.cache.Caching.getCachingProviders()).isNotEmpty();
            assertOurs(context.getBean(CacheManager.class));
        });
    }

    @Test
    void cacheManager_jCacheManagerOfTheApplication_wins() {
        runner.withBean("jCache", javax.cache.CacheManager.class, () -> new FakeCachingProvider().getCacheManager())
                .run(context -> assertThat(context.getBean(CacheManager.class)).isInstanceOf(JCacheCacheManager.class));
    }

    @Test
    void cacheManager_jCacheProviderNamedByProperty_wins() {
        runner.withPropertyValues("spring.cache.jcache.provider=" + FakeCachingProvider.class.getName())
                .run(context -> assertThat(context.getBean(CacheManager.class)).isInstanceOf(JCacheCacheManager.class));
    }

    @Test
    void cacheManager_jCacheProviderOfTheApplication_isNotOurs(@TempDir Path directory) {
        runner.withClassLoader(FakeCachingProvider.classLoader(directory))
                .run(context -> assertThat(context.getBean(CacheManager.class)).isNotInstanceOf(ourClass()));
    }

    @Test
    void cacheManager_jCacheProviderButAnnotationsOn_isOurs(@TempDir Path directory) {
        runner.withClassLoader(FakeCachingProvider.classLoader(directory))
                .withPropertyValues("millpond.cache.annotations=true")
                .run(context -> assertOurs(context.getBean(CacheManager.class)));
    }

    @Test
    void cacheManager_withoutJCacheClasses_isOurs() {
        runner.withClassLoader(new FilteredClassLoader(JCacheCacheManager.class))
                .run(context -> assertOurs(context.getBean(CacheManager.class)));
    }

    private static void assertOurs(CacheManager cacheManager) {
        assertThat(cacheManager).isInstanceOf(ourClass());
    }

    private static Class<?> ourClass() {
        return dev.millpond.spring.internal.cache.MillpondCacheManager.class;
    }

    @Configuration(proxyBeanMethods = false)
    @EnableCaching
    static class Caching {}

    @Configuration(proxyBeanMethods = false)
    static class OwnResolver implements CachingConfigurer {

        @Bean
        @Override
        public CacheResolver cacheResolver() {
            return new SimpleCacheResolver(new ConcurrentMapCacheManager());
        }
    }
}
