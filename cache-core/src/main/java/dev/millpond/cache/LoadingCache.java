package dev.millpond.cache;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A cache that knows how to load its values.
 *
 * <p>Thread-safe. Concurrent reads of a missing key share one load, in this process and across the fleet.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
public interface LoadingCache<K, V> extends Cache<K, V> {

    /**
     * Returns the value of a key, loading it if neither level has it.
     *
     * @throws java.util.NoSuchElementException if the source has no value for the key
     * @throws CacheLoadException if the loader failed and no stale value is allowed
     */
    V get(K key);

    /**
     * Returns the value of a key, or empty if the source has none.
     *
     * @throws CacheLoadException if the loader failed and no stale value is allowed
     */
    Optional<V> find(K key);

    /**
     * Returns the value of a key with its origin and age.
     *
     * @throws CacheLoadException if the loader failed and no stale value is allowed
     */
    CacheResult<V> lookup(K key);

    /**
     * Returns the values of all the keys that the source has, with one round trip for those missing in this process and
     * one bulk load for those missing in Redis too.
     *
     * @throws CacheLoadException if the loader failed
     */
    Map<K, V> getAll(Collection<? extends K> keys);

    /**
     * Returns the value of a key without blocking the caller; completes with null if the source has none.
     *
     * <p>An answer from this process is complete at once; all else runs on the registry's executor. A failed load
     * completes it with a {@link CacheLoadException}.
     */
    CompletableFuture<V> getAsync(K key);

    /**
     * Loads a key again, whatever the cache has, and replaces the entry unless it is invalidated meanwhile.
     *
     * @return the value just loaded, or empty if the source has none
     * @throws CacheLoadException if the loader failed; the entry stays as it was
     */
    Optional<V> refresh(K key);
}
