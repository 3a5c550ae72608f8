package dev.millpond.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.cache.Cache;
import dev.millpond.cache.CacheRegistry;
import dev.millpond.spring.CacheRegistryBuilderCustomizer;
import dev.millpond.spring.FakeRedisConnection;
import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.CacheManager;

final class MillpondCacheAutoConfigurationTest {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    MillpondCacheAutoConfiguration.class, MillpondCacheManagerAutoConfiguration.class));

    @Test
    void registry_nothingSet_caches() {
        runner.run(context -> assertThat(loadsOfTwoReads(context.getBean(CacheRegistry.class)))
                .isEqualTo(1));
    }

    @Test
    void registry_millpondDisabled_passesThrough() {
        runner.withPropertyValues("millpond.enabled=false")
                .run(context -> assertThat(loadsOfTwoReads(context.getBean(CacheRegistry.class)))
                        .isEqualTo(2));
    }

    @Test
    void registry_cachesDisabled_passesThrough() {
        runner.withPropertyValues("millpond.cache.enabled=false")
                .run(context -> assertThat(loadsOfTwoReads(context.getBean(CacheRegistry.class)))
                        .isEqualTo(2));
    }

    @Test
    void registry_oneCacheDisabled_passesThatThrough() {
        runner.withPropertyValues("millpond.cache.caches.numbers.enabled=false")
                .run(context -> assertThat(loadsOfTwoReads(context.getBean(CacheRegistry.class)))
                        .isEqualTo(2));
    }

    @Test
    void registry_ofTheApplication_wins() {
        CacheRegistry own = CacheRegistry.builder().build();
        runner.withBean(CacheRegistry.class, () -> own)
                .run(context -> assertThat(context.getBean(CacheRegistry.class)).isSameAs(own));
    }

    @Test
    void registry_customizer_changesIt() {
        FakeTicker ticker = new FakeTicker();
        runner.withBean(CacheRegistryBuilderCustomizer.class, () -> builder -> builder.ticker(ticker))
                .withPropertyValues("millpond.cache.time-to-live=10s")
                .run(context -> {
                    CacheRegistry registry = context.getBean(CacheRegistry.class);
                    Cache<String, Integer> cache = registry.newCache("numbers", Integer.class)
                            .jitter(0)
                            .build();
                    cache.put("one", 1);
                    ticker.advance(Duration.ofSeconds(9));
                    assertThat(cache.getIfPresent("one")).isPresent();
                    ticker.advance(Duration.ofSeconds(2));
                    assertThat(cache.getIfPresent("one")).isEmpty();
                });
    }

    @Test
    void registry_redisIsAway_stillServes() {
        runner.withBean(FakeRedisConnection.class, () -> new FakeRedisConnection(false))
                .run(context -> {
                    CacheRegistry registry = context.getBean(CacheRegistry.class);
                    Cache<String, Integer> cache =
                            registry.newCache("numbers", Integer.class).build();
                    assertThat(cache.get("one", key -> 1)).isEqualTo(1);
                });
    }

    @Test
    void registry_withoutEnableCaching_comesWithoutACacheManager() {
        runner.run(context ->
                assertThat(context).hasSingleBean(CacheRegistry.class).doesNotHaveBean(CacheManager.class));
    }

    @Test
    void registry_contextClosed_isClosed() {
        CacheRegistry[] made = new CacheRegistry[1];
        runner.run(context -> made[0] = context.getBean(CacheRegistry.class));

        assertThat(loadsOfTwoReads(made[0])).as("reads go on in this process").isEqualTo(1);
    }

    @Test
    void registry_withoutSpringsCaches_isThere() {
        runner.withClassLoader(
                        new FilteredClassLoader("org.springframework.boot.cache", "org.springframework.cache.jcache"))
                .run(context -> assertThat(context).hasSingleBean(CacheRegistry.class));
    }

    private static int loadsOfTwoReads(CacheRegistry registry) {
        AtomicInteger loads = new AtomicInteger();
        Cache<String, Integer> cache =
                registry.newCache("numbers", Integer.class).build();
        cache.get("one", key -> loads.incrementAndGet());
        cache.get("one", key -> loads.incrementAndGet());
        return loads.get();
    }
}
