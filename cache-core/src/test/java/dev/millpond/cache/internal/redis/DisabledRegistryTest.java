package dev.millpond.cache.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.CacheResult.Source;
import dev.millpond.cache.LoadingCache;
import dev.millpond.cache.Tag;
import dev.millpond.runtime.RedisConnection;
import dev.millpond.runtime.RedisStats;
import dev.millpond.runtime.spi.RedisGuard;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A node that does not cache still tells those that do; its Redis knows nothing but the log. */
class DisabledRegistryTest {

    private final LogRedis redis = new LogRedis();

    private RedisConnection connection() {
        return new RedisConnection() {
            @Override
            public RedisGuard guard() {
                return redis;
            }

            @Override
            public RedisStats stats() {
                throw new AssertionError("Nobody asks.");
            }

            @Override
            public boolean awaitAvailable(Duration maxWait) {
                return true;
            }

            @Override
            public void close() {}
        };
    }

    @Test
    void invalidate_cachingOff_isAppendedToTheLog() {
        try (CacheRegistry registry =
                CacheRegistry.builder().redis(connection()).enabled(false).build()) {
            LoadingCache<String, String> cache =
                    registry.newCache("cache", String.class).build((String key) -> key);
            await().until(() -> redis.polls.get() > 0);

            assertThat(cache.get("a")).isEqualTo("a");
            assertThat(cache.lookup("a").source()).isEqualTo(Source.LOADER);
            cache.invalidate("a");
            registry.invalidate(new Tag("x"));
        }

        assertThat(redis.published)
                .satisfiesExactly(
                        first -> assertThat(first).endsWith("|1|k:cache:a\na:cache"),
                        second -> assertThat(second).endsWith("|2|t:x\na"));
    }
}
