package dev.millpond.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.CacheResult;
import dev.millpond.cache.CacheResult.Source;
import dev.millpond.cache.LoadingCache;
import dev.millpond.runtime.RedisConnection;
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

    @Test
    void start_keysThatTheFleetReads_areThereBeforeTheFirstRequestAndAfterAFlush() {
        try (ConfigurableApplicationContext first = instance()) {
            assertThat(first.getBean(RedisConnection.class).awaitAvailable(Duration.ofSeconds(10)))
                    .isTrue();
            LongStream.range(0, 10).forEach(id -> products(first).get(id));
        }
        int loaded = LOADS.get();

        try (ConfigurableApplicationContext second = instance()) {
            LoadingCache<Long, String> products = products(second);
            assertThat(LongStream.range(0, 10).mapToObj(products::lookup))
                    .extracting(CacheResult::source)
                    .containsOnly(Source.LOCAL);
            assertThat(LOADS).hasValue(loaded);

            redis.server().flush();
            await().atMost(Duration.ofSeconds(20)).until(() -> LOADS.get() == loaded + 10);
            assertThat(products.lookup(7L).source()).isEqualTo(Source.LOCAL);
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
