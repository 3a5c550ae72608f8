package dev.millpond.cache.internal;

import dev.millpond.cache.internal.Bulkhead.Permit;
import java.util.List;
import java.util.function.Function;

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

    /** Loads many keys; the entries are in the order of the requests. */
    List<Entry<V>> load(List<Request<K>> requests, Limit limit);

    /** Returns one that does not care for what this process has. */
    ManyLoader<K, V> anew();

    /** How one call of the loader is made, and how long it may take. */
    record Limit(Loads loads, TimeLimits limits, Permit permit) {

        <T> T call(List<? extends Request<?>> requests, Function<LoadAttempt, T> load) {
            LoadAttempt attempt = loads.attempt(requests);
            return limits.call(permit, attempt, () -> load.apply(attempt));
        }
    }
}
