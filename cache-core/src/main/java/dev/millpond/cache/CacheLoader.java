package dev.millpond.cache;

import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads a value from its source when the cache does not have it.
 *
 * <p>Called by one thread per key at a time, in a process and, while Redis is there, in the fleet; more often only
 * where a load takes longer than the {@linkplain CacheBuilder#leaseTime lease time}, or six of them in one process, or
 * the key is invalidated meanwhile, or without Redis by a read and a {@linkplain LoadingCache#refresh refresh} at once.
 * Must be thread-safe. It must not read its own key, nor wait for another thread that does; loaders that read each
 * other's keys in a circle fail.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
@FunctionalInterface
public interface CacheLoader<K, V> {

    /**
     * Loads the value of a key.
     *
     * @return the value, or null if the source has none
     * @throws Exception if the source failed; callers get a stale value where one is allowed, else a
     *     {@link CacheLoadException}
     */
    @Nullable
    V load(K key) throws Exception;

    /** Returns a loader over a finder that answers with an {@link Optional}. */
    static <K, V> CacheLoader<K, V> optional(Function<? super K, Optional<V>> finder) {
        return key -> finder.apply(key).orElse(null);
    }

    /**
     * A loader that also says what its value depends on.
     *
     * @param <K> the type of keys
     * @param <V> the type of values
     */
    @FunctionalInterface
    interface WithContext<K, V> {

        /**
         * Loads the value of a key.
         *
         * @param context takes tags, dependencies and a time to live; valid until this method returns
         * @return the value, or null if the source has none
         * @throws Exception if the source failed
         */
        @Nullable
        V load(K key, LoadContext context) throws Exception;
    }
}
