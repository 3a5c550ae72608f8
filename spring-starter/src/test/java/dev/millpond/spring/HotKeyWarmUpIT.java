package dev.millpond.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.CacheResult;
import dev.millpond.cache.CacheResult.Source;
import dev.millpond.cache.LoadingCache;
import dev.millpond.testkit.RedisExtension;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Two instances, one after the other, over one real Redis, warmed by properties alone. */
@Tag("one-jdk")
final class HotKeyWarmUpIT {

    @RegisterExtension
    static final RedisExtension redis = RedisExtension.create();

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private static final AtomicInteger LOADS = new AtomicInteger();

    @BeforeEach
    void empty() {
        redis.server().flush();
    }

    private static ConfigurableApplicationContext instance() {
        return new SpringApplicationBuilder(Shop.class)
                .web(WebApplicationType.NONE)
                .properties(Map.of(
                        "millpond.redis.url", redis.url(),
                        "millpond.namespace", "shop",
                        "millpond.cache.warm-up.hot-keys-of", "products",
                        "millpond.cache.warm-up.ready-after", "products",
                        "millpond.cache.warm-up.warmers.products.refill-every", "200ms",
                        "spring.main.banner-mode", "off"))
                .run();
    }

    @SuppressWarnings("unchecked")
    private static LoadingCache<Long, String> products(ConfigurableApplicationContext instance) {
        return instance.getBean(LoadingCache.class);
    }

    /** Only a node that trusts its log stores in Redis what it loads. */
    private static void readTenProducts() {
        try (ConfigurableApplicationContext instance = instance()) {
            CacheRegistry caches = instance.getBean(CacheRegistry.class);
            await().atMost(LIMIT).until(() -> caches.invalidationStats().trusted());
            LongStream.range(0, 10).forEach(id -> products(instance).get(id));
        }
    }

    @Test
    void start_keysThatTheFleetReads_areThereBeforeTheFirstRequestAndAfterAFlush() {
        // an instance that closes saves what it has read if Redis answers within 300 ms, so one may not be enough
        await().atMost(LIMIT.multipliedBy(2)).until(() -> {
            readTenProducts();
            return Long.valueOf(10).equals(redis.server().command("ZCARD", "shop:hot-keys:{products}"));
        });
        int loaded = LOADS.get();

        try (ConfigurableApplicationContext warmed = instance()) {
            LoadingCache<Long, String> products = products(warmed);
            assertThat(LongStream.range(0, 10).mapToObj(products::lookup))
                    .extracting(CacheResult::source)
                    .containsOnly(Source.LOCAL);
            assertThat(LOADS).hasValue(loaded);

            redis.server().flush();
            await().atMost(LIMIT).until(() -> LOADS.get() >= loaded + 10);
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(LongStream.range(0, 10).mapToObj(products::getIfPresent))
                            .allSatisfy(answer ->
                                    assertThat(answer).map(CacheResult::source).contains(Source.LOCAL)));
        }
    }

    /** A cache as applications declare them. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Shop {

        @Bean
        LoadingCache<Long, String> products(CacheRegistry caches) {
            return caches.newCache("products", String.class).build((Long id) -> "product " + LOADS.incrementAndGet());
        }
    }
}
