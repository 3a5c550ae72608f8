package dev.millpond.cache.internal;

import dev.millpond.cache.CacheLoadException;
import dev.millpond.cache.internal.Bulkhead.Permit;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Loads one key or many.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
interface ManyLoader<K, V> {

    /** Returns the loader of one key. */
    Loader<K, V> one();

    /** Tells whether many keys are loaded by one call, which cannot tell which of them made it fail. */
    boolean atOnce();

    /** Loads many keys, or as many as can be. */
    Loaded<V> load(List<Request<K>> requests, Limit limit);

    /** Returns one that does not care for what this process has. */
    ManyLoader<K, V> anew();

    /**
     * What was loaded.
     *
     * @param entries in the order of the requests, of the first of them if there is a failure
     * @param failure of the request after these; if they are loaded at once, of all
     * @param <V> the type of values
     */
    record Loaded<V>(List<Entry<V>> entries, @Nullable CacheLoadException failure) {}

    /** How one call of the loader is made, and how long it may take. */
    record Limit(Loads loads, TimeLimits limits, Permit permit) {

        <T> T call(List<? extends Request<?>> requests, Function<LoadAttempt, T> load) {
            LoadAttempt attempt = loads.attempt(requests);
            return limits.call(permit, attempt, () -> load.apply(attempt));
        }
    }
}
