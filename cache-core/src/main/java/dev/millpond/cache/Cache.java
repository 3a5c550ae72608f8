package dev.millpond.cache;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/**
 * A cache in two levels, used cache-aside: each read brings its own loader.
 *
 * <p>Thread-safe. Belongs to its {@link CacheRegistry}, which closes it. Values are shared between callers: do not
 * change them.
 *
 * <p>No read misses an invalidation that completed, on any node, longer before the read began than the registry's
 * {@linkplain CacheRegistry.Builder#stalenessBound staleness bound}, 2 s by default; a {@linkplain Consistency#STRICT
 * strict} cache misses none that completed before. Within a node no read misses one that completed before. An
 * invalidation is complete when {@link #invalidate}, {@link #invalidateAll()}, {@link #put} or
 * {@link CacheRegistry#invalidate} has returned while Redis was there. The one exception is what
 * {@link CacheBuilder#serveStaleFor} allows.
 *
 * <p>When Redis is away, reads are answered from this process for up to the staleness bound, and then by the loader,
 * one caller of a key at a time; with {@link CacheBuilder#serveStaleFor} an older entry answers where the loader fails.
 * No method throws because of Redis, and none waits for one answer of Redis longer than 300 ms; a read asks for three
 * at the most (look-up, lease, store), and one of many keys for so many per 100 to 500 keys, or per MiB that they have.
 * A read that finds another node loading its key waits for that for at most the {@linkplain CacheBuilder#leaseTime
 * lease time}, and one that finds another caller of its process loading it for at most six of them.
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
     * @throws CacheLoadException if the loader failed and no stale value may be served instead, or the thread was
     *     interrupted while it waited for another caller's load, and it stays so
     * @throws IllegalArgumentException if keys of this type have no stable text and the cache has no
     *     {@linkplain CacheBuilder#keyFormat key format}
     * @throws IllegalStateException if the loader of this very key calls it, or a loader whose own key is waited for by
     *     the load of this one: loaders must not read each other's keys in a circle
     */
    V get(K key, CacheLoader<? super K, ? extends V> loader);

    /**
     * Returns the value of a key, or empty if the source has none, loading it if neither level has it.
     *
     * @throws CacheLoadException as {@link #get} does
     * @throws IllegalArgumentException as {@link #get} does
     * @throws IllegalStateException as {@link #get} does
     */
    Optional<V> find(K key, CacheLoader.WithContext<? super K, ? extends V> loader);

    /**
     * Returns the value of a key with its origin and age, loading it if neither level has it.
     *
     * @return the value, empty if the source has none
     * @throws CacheLoadException as {@link #get} does
     * @throws IllegalArgumentException as {@link #get} does
     * @throws IllegalStateException as {@link #get} does
     */
    CacheResult<V> lookup(K key, CacheLoader.WithContext<? super K, ? extends V> loader);

    /**
     * Returns what one of the two levels has for a key, if it is fresh; never loads.
     *
     * @return empty if neither level has an entry; a result without a value if the absence of one is remembered
     * @throws IllegalArgumentException as {@link #get} does
     * @throws IllegalStateException as {@link #get} does
     */
    Optional<CacheResult<V>> getIfPresent(K key);

    /**
     * Stores a value that is newer than whatever the cache has, on all nodes.
     *
     * <p>It invalidates what the nodes have for the key and what depends on that. When Redis is away it does what
     * {@link #invalidate} does, and the value is not kept: the next read loads.
     *
     * @param value not null; an entry is removed by {@link #invalidate}
     * @throws IllegalArgumentException as {@link #get} does
     * @throws IllegalStateException as {@link #get} does
     */
    void put(K key, V value);

    /**
     * Stores many values, as {@link #put} does with one, in chunks of 1000 with one invalidation and one store each.
     *
     * <p>With more than 10 000 it invalidates the whole cache first: see {@link Batch#putAll}.
     *
     * @throws IllegalArgumentException as {@link #get} does; nothing is put then
     * @throws IllegalStateException as {@link #get} does; nothing is put then
     * @throws BatchException if the thread was interrupted between two chunks
     */
    void putAll(Map<? extends K, ? extends V> values);

    /** Returns operations on very many keys, which need not fit into memory. */
    Batch<K, V> batch();

    /**
     * Invalidates a key and all that depends on it, on all nodes. Call it after the change of the source is committed.
     *
     * <p>When it returns, no read of this node that begins later answers with a value loaded before. On other nodes the
     * same is true within milliseconds, and after the staleness bound at the latest.
     *
     * <p>When Redis is away it returns normally: this node lets go of all that it has, keeps the invalidation, and
     * sends it when Redis is back, before its caches answer again. Until then other nodes may answer with what they
     * have, and what this node still has to send is lost if its process ends; that is logged when the registry is
     * closed. {@link CacheRegistry#invalidationStats} tells how many names wait.
     *
     * @throws IllegalArgumentException as {@link #get} does
     */
    void invalidate(K key);

    /**
     * Invalidates many keys and all that depends on them, as {@link #invalidate} does with one.
     *
     * <p>Without a key it does nothing. With more than 10 000 it does what {@link #invalidateAll()} does: other nodes
     * have to take in each name, and forget the older ones for it.
     *
     * @throws IllegalArgumentException as {@link #get} does; nothing is invalidated then
     */
    void invalidateAll(Collection<? extends K> keys);

    /**
     * Invalidates the whole cache and all that depends on it, as {@link #invalidate} does with one key.
     *
     * <p>The cost does not grow with the size of the cache. Entries that are no longer valid stay in Redis until they
     * expire or are loaded again.
     */
    void invalidateAll();

    /** Returns the keys that are read most, if {@link CacheBuilder#hotKeys} has them remembered. */
    HotKeys<K> hotKeys();

    /** Returns the counts of this cache on this node; they are not taken at one instant. */
    CacheStats stats();

    /** Returns about how many entries this process has, including those that are expired or wait to be evicted. */
    long localSize();
}
