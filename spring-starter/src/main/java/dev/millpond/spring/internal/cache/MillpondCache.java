package dev.millpond.spring.internal.cache;

import dev.millpond.cache.Cache;
import dev.millpond.cache.CacheLoadException;
import dev.millpond.cache.CacheResult;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.support.SimpleValueWrapper;

/**
 * A Millpond cache as Spring sees it; thread-safe.
 *
 * <p>A null value is the absence of a value, which is remembered for the cache's own, shorter time. What changes the
 * cache is done when the call returns, on this node and in Redis.
 */
final class MillpondCache implements org.springframework.cache.Cache {

    private final Cache<Object, Object> cache;

    MillpondCache(Cache<Object, Object> cache) {
        this.cache = cache;
    }

    @Override
    public String getName() {
        return cache.name();
    }

    @Override
    public Cache<Object, Object> getNativeCache() {
        return cache;
    }

    @Override
    public @Nullable ValueWrapper get(Object key) {
        return cache.getIfPresent(CacheKeys.of(key)).map(MillpondCache::wrapped).orElse(null);
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> @Nullable T get(Object key, @Nullable Class<T> type) {
        ValueWrapper wrapper = get(key);
        Object value = wrapper == null ? null : wrapper.get();
        if (value != null && type != null && !type.isInstance(value)) {
            throw new IllegalStateException("Cache '" + getName() + "' has a value of " + value.getClass()
                    + " for the key, not of the required " + type + ". Ask for the type that was put.");
        }
        return (T) value;
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> @Nullable T get(Object key, Callable<T> valueLoader) {
        try {
            CacheResult<Object> result = cache.lookup(CacheKeys.of(key), (k, context) -> valueLoader.call());
            return (T) result.value().orElse(null);
        } catch (CacheLoadException e) {
            throw new ValueRetrievalException(key, valueLoader, e.getCause());
        }
    }

    @Override
    public void put(Object key, @Nullable Object value) {
        Object cacheKey = CacheKeys.of(key);
        if (value != null) {
            cache.put(cacheKey, value);
        } else {
            cache.invalidate(cacheKey);
            cache.lookup(cacheKey, (k, context) -> null);
        }
    }

    @Override
    public @Nullable ValueWrapper putIfAbsent(Object key, @Nullable Object value) {
        AtomicBoolean used = new AtomicBoolean();
        CacheResult<Object> result = cache.lookup(CacheKeys.of(key), (k, context) -> {
            used.set(true);
            return value;
        });
        return used.get() ? null : wrapped(result);
    }

    @Override
    public void evict(Object key) {
        cache.invalidate(CacheKeys.of(key));
    }

    @Override
    public boolean evictIfPresent(Object key) {
        Object cacheKey = CacheKeys.of(key);
        boolean present = cache.getIfPresent(cacheKey).isPresent();
        cache.invalidate(cacheKey);
        return present;
    }

    @Override
    public void clear() {
        cache.invalidateAll();
    }

    @Override
    public boolean invalidate() {
        boolean present = cache.localSize() > 0;
        cache.invalidateAll();
        return present;
    }

    private static ValueWrapper wrapped(CacheResult<Object> result) {
        return new SimpleValueWrapper(result.value().orElse(null));
    }
}
