package dev.millpond.benchmarks.reads;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;

/**
 * Products in a cache of Spring, read as its annotations do.
 *
 * @param cache the cache
 */
record SpringCached(Cache cache) implements ProductCache {

    static Cache named(String name, CacheManager caches) {
        return Objects.requireNonNull(caches.getCache(name), name);
    }

    @Override
    public @Nullable Product get(String key) {
        return cache.get(key, Product.class);
    }
}
