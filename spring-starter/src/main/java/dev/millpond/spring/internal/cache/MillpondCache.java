package dev.millpond.spring.internal.cache;

import dev.millpond.cache.Cache;
import dev.millpond.cache.CacheLoadException;
import dev.millpond.cache.CacheLoader;
import dev.millpond.cache.CacheResult;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.support.SimpleValueWrapper;

/**
 * A Millpond cache as Spring sees it; thread-safe.
 *
 * <p>A null value is the absence of a value, which is remembered for the cache's own, shorter time. What changes the
 * cache is done when the call returns, on this node and in Redis; in a transaction it is done once more when that ends,
 * and values are put only then.
 */
class MillpondCache implements org.springframework.cache.Cache {

    private final Cache<Object, Object> cache;
    private final AsyncReads asyncReads;

    MillpondCache(Cache<Object, Object> cache, AsyncReads asyncReads) {
        this.cache = cache;
        this.asyncReads = asyncReads;
    }

    /** Creates another view of the same cache. */
    MillpondCache(MillpondCache other) {
        this(other.cache, other.asyncReads);
    }

    @Override
    public final String getName() {
        return cache.name();
    }

    @Override
    public final Cache<Object, Object> getNativeCache() {
        return cache;
    }

    @Override
    public final @Nullable ValueWrapper get(Object key) {
        return cache.getIfPresent(CacheKeys.of(key)).map(MillpondCache::wrapped).orElse(null);
    }

    @Override
    @SuppressWarnings("unchecked")
    public final <T> @Nullable T get(Object key, @Nullable Class<T> type) {
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
        return (T) read(key, valueLoader, (k, load) -> valueLoader.call());
    }

    @Override
    public final CompletableFuture<?> retrieve(Object key) {
        return asyncReads.run(() -> get(key));
    }

    @Override
    public <T> CompletableFuture<T> retrieve(Object key, Supplier<CompletableFuture<T>> valueLoader) {
        return asyncRead(key, (k, load) -> AsyncReads.await(valueLoader));
    }

    @Override
    public void put(Object key, @Nullable Object value) {
        if (value == null) {
            replace(key, (k, load) -> null);
        } else if (Transactions.active()) {
            evictNow(key);
            Transactions.atEnd(() -> cache.put(CacheKeys.of(key), value), () -> evictNow(key));
        } else {
            cache.put(CacheKeys.of(key), value);
        }
    }

    @Override
    public final @Nullable ValueWrapper putIfAbsent(Object key, @Nullable Object value) {
        AtomicBoolean used = new AtomicBoolean();
        CacheResult<Object> result = cache.lookup(CacheKeys.of(key), (k, load) -> {
            used.set(true);
            return value;
        });
        return used.get() ? null : wrapped(result);
    }

    @Override
    public final void evict(Object key) {
        evictNow(key);
        if (Transactions.active()) {
            Transactions.atEnd(() -> evictNow(key), () -> evictNow(key));
        }
    }

    @Override
    public final boolean evictIfPresent(Object key) {
        boolean present = get(key) != null;
        evict(key);
        return present;
    }

    @Override
    public final void clear() {
        cache.invalidateAll();
        if (Transactions.active()) {
            Transactions.atEnd(cache::invalidateAll, cache::invalidateAll);
        }
    }

    @Override
    public final boolean invalidate() {
        boolean present = cache.localSize() > 0;
        clear();
        return present;
    }

    /** Returns what the cache or the loader has, as Spring wants failures of a loader to look. */
    final @Nullable Object read(Object key, Callable<?> valueLoader, CacheLoader.WithContext<Object, Object> loader) {
        try {
            return cache.find(CacheKeys.of(key), loader).orElse(null);
        } catch (CacheLoadException e) {
            throw new ValueRetrievalException(key, valueLoader, AsyncReads.failure(e));
        }
    }

    /** Returns what the cache or the loader has, without making the caller wait. */
    @SuppressWarnings("unchecked")
    final <T> CompletableFuture<T> asyncRead(Object key, CacheLoader.WithContext<Object, Object> loader) {
        Object cacheKey = CacheKeys.of(key);
        return (CompletableFuture<T>)
                asyncReads.share(cacheKey, () -> cache.find(cacheKey, loader).orElse(null));
    }

    /** Puts what a loader gives in the place of whatever is there; in a transaction, when that is committed. */
    final void replace(Object key, CacheLoader.WithContext<Object, Object> loader) {
        evictNow(key);
        if (Transactions.active()) {
            Transactions.atEnd(() -> replaceNow(key, loader), () -> evictNow(key));
        } else {
            cache.lookup(CacheKeys.of(key), loader);
        }
    }

    private void replaceNow(Object key, CacheLoader.WithContext<Object, Object> loader) {
        evictNow(key);
        cache.lookup(CacheKeys.of(key), loader);
    }

    private void evictNow(Object key) {
        cache.invalidate(CacheKeys.of(key));
    }

    private static ValueWrapper wrapped(CacheResult<Object> result) {
        return new SimpleValueWrapper(result.value().orElse(null));
    }
}
