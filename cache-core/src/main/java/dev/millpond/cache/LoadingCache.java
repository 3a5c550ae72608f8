package dev.millpond.cache;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A cache that knows how to load its values.
 *
 * <p>Thread-safe. Concurrent reads of a missing key share one load in this process and, while Redis is there, across
 * the fleet. What {@link Cache} says of staleness, of failures and of a Redis that is away is true of all methods.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
public interface LoadingCache<K, V> extends Cache<K, V> {

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
    V get(K key);

    /**
     * Returns the value of a key, or empty if the source has none.
     *
     * @throws CacheLoadException as {@link #get(Object)} does
     * @throws IllegalArgumentException as {@link #get(Object)} does
     * @throws IllegalStateException as {@link #get(Object)} does
     */
    Optional<V> find(K key);

    /**
     * Returns the value of a key with its origin and age.
     *
     * @return the value, empty if the source has none
     * @throws CacheLoadException as {@link #get(Object)} does
     * @throws IllegalArgumentException as {@link #get(Object)} does
     * @throws IllegalStateException as {@link #get(Object)} does
     */
    CacheResult<V> lookup(K key);

    /**
     * Returns the values of all the keys that the source has.
     *
     * <p>Keys missing in this process are looked up in Redis together; those missing there too are loaded by one call
     * of a {@link BulkCacheLoader}, or one after the other by a {@link CacheLoader}. Keys that another caller is
     * loading are waited for at the end.
     *
     * @return the values in the order of the keys, without the keys that the source has no value for; unshared, so it
     *     may be changed
     * @throws CacheLoadException if the loader failed and a key that it was asked for has no stale value that may be
     *     served instead
     * @throws IllegalArgumentException as {@link #get(Object)} does
     * @throws IllegalStateException as {@link #get(Object)} does
     */
    Map<K, V> getAll(Collection<? extends K> keys);

    @Override
    LoadingBatch<K, V> batch();

    /**
     * Returns the value of a key without blocking the caller; completes with null if the source has none.
     *
     * <p>An answer from this process is complete at once; all else runs on the registry's executor, and on the calling
     * thread once the registry with an executor of its own is closed.
     *
     * <p>Inside a loader it reads on the calling thread, and the future is complete when it is returned, so that no
     * load waits for a thread of the executor, all of which may be waiting for loads. A loader that needs many keys
     * reads them together by {@link #getAll}. The read counts as one of that loader: it is recorded as a dependency,
     * and neither it nor what it loads may ask for the key that is being loaded.
     *
     * @return completes with a {@link CacheLoadException}, {@link IllegalArgumentException} or
     *     {@link IllegalStateException} where {@link #get(Object)} throws one
     */
    CompletableFuture<V> getAsync(K key);

    /**
     * Loads a key again, whatever the cache has, and replaces the entry unless it is invalidated meanwhile.
     *
     * <p>The new value is stored in this process and in Redis. Other nodes go on with what they have in their processes
     * until it expires, and what depends on the key stays: that the source has changed is told by {@link #invalidate}.
     *
     * <p>Callers of one process that refresh a key at the same time share one load and its failure. As with reads, a
     * caller that comes after an invalidation has completed shares no load that began before it.
     *
     * @return the value just loaded, or empty if the source has none
     * @throws CacheLoadException if the loader failed; the entry stays as it was
     * @throws IllegalArgumentException as {@link #get(Object)} does
     * @throws IllegalStateException as {@link #get(Object)} does
     */
    Optional<V> refresh(K key);

    /**
     * Starts a warmer, which loads keys before they are asked for.
     *
     * @param keys gives the keys of each run, at its beginning; the stream is read bit by bit, by one thread at a time,
     *     and closed at the end. Of a {@code flatMap} each inner stream is read as a whole
     */
    Warmer.Builder warmer(Supplier<? extends Stream<? extends K>> keys);
}
