package dev.millpond.spring.autoconfigure;

import dev.millpond.cache.Cache;
import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.CacheStats;
import dev.millpond.cache.InvalidationStats;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;

/** Caches that have figures and do nothing. */
final class FakeCaches {

    private FakeCaches() {}

    /** Returns a registry with these figures and the cache {@code numbers}. */
    static CacheRegistry of(CacheStats stats, long localSize, InvalidationStats invalidations) {
        Cache<?, ?> numbers = answering(Cache.class, Map.of("name", "numbers", "stats", stats, "localSize", localSize));
        return answering(CacheRegistry.class, Map.of("caches", List.of(numbers), "invalidationStats", invalidations));
    }

    private static <T> T answering(Class<T> type, Map<String, Object> answers) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> answers.get(method.getName())));
    }
}
