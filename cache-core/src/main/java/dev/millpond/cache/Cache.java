package dev.millpond.cache;

import java.util.Collection;
import java.util.Optional;

/**
 * A cache in two levels, used cache-aside: each read brings its own loader.
 *
 * <p>Thread-safe. Belongs to its {@link CacheRegistry}, which closes it. When Redis is away, reads are answered from
 * this process or by the loader; no method throws because of Redis. Values are shared between callers: do not change
 * them.
 *
 * @param <K> the type of keys: text, numbers, enums, UUIDs, or records and lists of these
 * @param <V> the type of values
 * @see LoadingCache
 */
public interface Cache<K, V> {

    /** Returns the name, unique in the registry. */
    String name();

    /**
     * Returns the value of a key, loading it if neither level has it.
     *
     * @throws java.util.NoSuchElementException if the source has no value for the key
     * @throws CacheLoadException if the loader failed and no stale value is allowed
     */
    V get(K key, CacheLoader<? super K, ? extends V> loader);

    /**
     * Returns the value of a key with its origin and age, loading it if neither level has it.
     *
     * @throws CacheLoadException if the loader failed and no stale value is allowed
     */
    CacheResult<V> lookup(K key, CacheLoader.WithContext<? super K, ? extends V> loader);

    /** Returns the value if one of the two levels has it, fresh; never loads. */
    Optional<CacheResult<V>> getIfPresent(K key);

    /**
     * Stores a value that is newer than whatever the cache has, on all nodes; entries that depend on the key are
     * invalidated.
     */
    void put(K key, V value);

    /**
     * Invalidates a key and all that depends on it, on all nodes. Call it after the change of the source is committed.
     *
     * <p>When it returns, no read of this node answers with a value loaded before.
     */
    void invalidate(K key);

    /** Invalidates many keys in one step. */
    void invalidateAll(Collection<? extends K> keys);

    /** Invalidates the whole cache and all that depends on it; the cost does not grow with its size. */
    void invalidateAll();

    /** Returns the counts of this node. */
    CacheStats stats();

    /** Returns the number of entries in this process, including those that wait to be evicted. */
    long localSize();
}
