package dev.millpond.cache;

import java.util.Map;
import java.util.Set;

/**
 * Reads the values of many keys from their source at once.
 *
 * <p>Must be thread-safe, and must not read the keys that it is loading. What it reads from other caches of the
 * registry, all its values depend on. One that gives tags or versions, or answers that values were not modified, is a
 * {@link WithContext}.
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

    /**
     * A loader that also says what each value depends on, and need not read those that were not modified.
     *
     * @param <K> the type of keys
     * @param <V> the type of values
     */
    @FunctionalInterface
    interface WithContext<K, V> {

        /**
         * Loads the values of all the keys that the source has.
         *
         * @param keys the keys that are missing in the cache, or to be loaded anew; never empty
         * @param context takes tags and versions of each value, and gives those of last time; valid until this method
         *     returns
         * @return the values by key; a key without an entry is absent, and keys that were not asked for are ignored
         * @throws Exception as for {@link BulkCacheLoader#loadAll}
         */
        Map<K, V> loadAll(Set<K> keys, BulkLoadContext<K> context) throws Exception;
    }
}
