package dev.millpond.spring.internal.metrics;

import dev.millpond.cache.Cache;
import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.CacheResult;
import io.micrometer.core.instrument.binder.cache.CacheMeterBinder;
import io.micrometer.core.instrument.binder.cache.CacheMeterBinderCompatibilityKit;
import org.jspecify.annotations.Nullable;

/** What Micrometer asks of the meters of every cache. */
final class CacheMetersKitTest extends CacheMeterBinderCompatibilityKit<Cache<String, String>> {

    @Override
    public Cache<String, String> createCache() {
        return CacheRegistry.builder().build().newCache("mycache", String.class).build();
    }

    @Override
    @SuppressWarnings("unchecked") // The kit names a type that the binder of caches of all types does not.
    public CacheMeterBinder<Cache<String, String>> binder() {
        return (CacheMeterBinder<Cache<String, String>>) (CacheMeterBinder<?>) new CacheMeters(cache);
    }

    @Override
    public void put(String key, String value) {
        cache.put(key, value);
    }

    @Override
    public @Nullable String get(String key) {
        return cache.getIfPresent(key).flatMap(CacheResult::value).orElse(null);
    }
}
