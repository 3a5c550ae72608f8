package dev.millpond.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.millpond.cache.CacheResult.Source;
import dev.millpond.cache.internal.RecordedLog;
import dev.millpond.testkit.RedisExtension;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two nodes whose Redis answers every write with OOM, because it may evict nothing. */
class OutOfMemoryIT {

    @RegisterExtension
    static final RedisExtension redis = RedisExtension.create();

    @AutoClose
    private final RedisNodes nodes = new RedisNodes(redis.url(), "millpond");

    private final Map<String, String> source = new ConcurrentHashMap<>();
    private CacheRegistry one;
    private CacheRegistry two;

    @BeforeEach
    void connect() {
        assumeThat(redis.server().controllable()).isTrue();
        redis.server().flush();
        one = nodes.start();
        two = nodes.start();
    }

    @AfterEach
    void liftLimit() {
        if (redis.server().controllable()) {
            limit(0);
        }
    }

    private LoadingCache<String, String> cache(CacheRegistry registry) {
        return registry.newCache("cache", String.class).build(source::get);
    }

    private static void limit(int bytes) {
        redis.server().command("CONFIG", "SET", "maxmemory-policy", "noeviction", "maxmemory", "" + bytes);
    }

    @Test
    void get_noMemoryLeft_answersAndStoresLater() {
        LoadingCache<String, String> first = cache(one);
        LoadingCache<String, String> second = cache(two);
        source.put("stored", "1");
        source.put("new", "2");
        first.get("stored");
        limit(1);

        assertThat(second.lookup("stored").source()).isEqualTo(Source.REMOTE);
        for (int i = 0; i < 20; i++) {
            assertThat(first.get("new")).isEqualTo("2");
            assertThat(second.get("new" + i % 2, key -> "3")).isEqualTo("3");
        }

        limit(0);
        await().atMost(10, TimeUnit.SECONDS)
                .until(() -> isStoredOnceRead(first, UUID.randomUUID().toString()));
    }

    private static boolean isStoredOnceRead(LoadingCache<String, String> cache, String key) {
        assertThat(cache.get(key, k -> "4")).isEqualTo("4");
        return Long.valueOf(1).equals(redis.server().command("EXISTS", "millpond:cache:" + key));
    }

    @Test
    void invalidate_noMemoryLeft_holdsHereAtOnceAndElsewhereOnceThereIs() {
        LoadingCache<String, String> first = cache(one);
        LoadingCache<String, String> second = cache(two);
        source.put("a", "1");
        assertThat(first.get("a")).isEqualTo("1");
        assertThat(second.get("a")).isEqualTo("1");
        limit(1);
        source.put("a", "2");

        try (RecordedLog log = new RecordedLog("redis.RedisInvalidationLog")) {
            first.invalidate("a");
            assertThat(log.lines())
                    .anyMatch(line -> line.startsWith("WARN An invalidation could not be sent to Redis."));
        }

        assertThat(first.get("a")).isEqualTo("2");
        assertThat(one.invalidationStats().pending()).isPositive();
        assertThat(one.invalidationStats().trusted()).isFalse();
        limit(0);
        await().atMost(10, TimeUnit.SECONDS).until(() -> one.invalidationStats().pending() == 0);
        await().atMost(10, TimeUnit.SECONDS).until(() -> "2".equals(second.get("a")));
        await().atMost(10, TimeUnit.SECONDS)
                .until(() -> first.lookup("a").fromCache() && second.lookup("a").fromCache());
        assertThat(first.get("a")).isEqualTo("2");
        assertThat(second.get("a")).isEqualTo("2");
    }
}
