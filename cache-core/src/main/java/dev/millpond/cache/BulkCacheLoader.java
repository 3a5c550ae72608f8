package dev.millpond.cache;

import java.util.Map;
import java.util.Set;

/**
 * Reads the values of many keys from their source at once.
 *
 * <p>Must be thread-safe, and must not read the keys that it is loading. It has no {@link LoadContext}: it gives no
 * versions, and cannot answer that a value was not modified.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
@FunctionalInterface
public interface BulkCacheLoader<K, V> {

    /**
     * Loads the values of all the keys that the source has.
     *
     * @param keys the keys that are missing in the cache; never empty
     * @return the values by key; a key without an entry is absent, and keys that were not asked for are ignored
     * @throws Exception if the source failed; callers get stale values where they are allowed, else a
     *     {@link CacheLoadException}
     */
    Map<K, V> loadAll(Set<K> keys) throws Exception;
}
