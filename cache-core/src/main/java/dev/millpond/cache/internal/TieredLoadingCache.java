package dev.millpond.cache.internal;

import dev.millpond.cache.CacheResult;
import dev.millpond.cache.LoadingCache;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * A cache in two levels with a loader of its own.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
final class TieredLoadingCache<K, V> extends TieredCache<K, V> implements LoadingCache<K, V> {

    private final BulkRead.ManyLoader<K, V> loaders;
    private final Loader<K, V> loader;

    TieredLoadingCache(CacheParts<K, V> parts, BulkRead.ManyLoader<K, V> loaders) {
        super(parts);
        this.loaders = loaders;
        this.loader = loaders.one();
    }

    @Override
    public V get(K key) {
        return required(read(key, loader));
    }

    @Override
    public Optional<V> find(K key) {
        return optional(read(key, loader));
    }

    @Override
    public CacheResult<V> lookup(K key) {
        return parts.resultOf(read(key, loader));
    }

    @Override
    public Map<K, V> getAll(Collection<? extends K> keys) {
        return new BulkRead<>(this, loaders).read(keys);
    }

    @Override
    @SuppressWarnings("NullAway") // The stage carries null for an absent value, as its documentation says.
    public CompletableFuture<V> getAsync(K key) {
        Answer<V> hit = local.lookup(key);
        if (hit != null) {
            return CompletableFuture.completedFuture(parts.answered(hit).entry().value());
        }
        try {
            parts.requestFor(key);
        } catch (RuntimeException e) { // a read that must fail needs no thread to do so
            return CompletableFuture.failedFuture(e);
        }
        // A load that waited for a thread of a pool might wait for one that waits for it.
        Executor executor =
                LoadScope.active() ? Runnable::run : parts.registry().executor();
        return CompletableFuture.supplyAsync(() -> read(key, loader).entry().value(), executor);
    }

    @Override
    public Optional<V> refresh(K key) {
        Request<K> request = parts.requestFor(key);
        Found<V> found = remote.lookup(request).asReplaceable();
        Found<V> lease = remote.lease(request, found).asReplaceable();
        return optional(parts.answered(loadAndKeep(request, lease, loader)));
    }
}
