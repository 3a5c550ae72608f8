package dev.millpond.cache.internal;

import dev.millpond.cache.internal.Bulkhead.Permit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Warms a few keys: finds those that are to be loaded, and loads them; thread-safe.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
final class WarmBatch<K, V> {

    private final TieredLoadingCache<K, V> cache;
    private final CacheParts<K, V> parts;
    private final boolean anew;

    /**
     * Creates it.
     *
     * @param anew whether to load also what is fresh
     */
    WarmBatch(TieredLoadingCache<K, V> cache, boolean anew) {
        this.cache = cache;
        this.parts = cache.parts;
        this.anew = anew;
    }

    /**
     * Returns the keys to load, of which each call of the source gives one list; keeps what Redis has of the others.
     */
    List<List<K>> toLoad(Collection<K> batch) {
        List<K> kept =
                batch.stream().distinct().filter(parts.allowed()::keepsKey).toList();
        List<K> missing = anew ? kept : missing(kept);
        return cache.loadsTogether() && !missing.isEmpty()
                ? List.of(missing)
                : missing.stream().map(List::of).toList();
    }

    private List<K> missing(List<K> keys) {
        List<Request<K>> requests = keys.stream()
                .filter(key -> !parts.local().isFresh(key))
                .map(parts::requestFor)
                .toList();
        if (requests.isEmpty()) {
            return List.of();
        }
        List<Found<V>> found = parts.remote().lookupAll(requests);
        return IntStream.range(0, requests.size())
                .filter(i -> !isThere(requests.get(i), found.get(i)))
                .mapToObj(i -> requests.get(i).key())
                .toList();
    }

    private boolean isThere(Request<K> request, Found<V> found) {
        if (found.isHit()) {
            parts.local().fill(request.key(), found.require());
        }
        return found.isAnswer() || found.isLeasedElsewhere();
    }

    /** Loads keys by one call of the source. */
    Result load(List<K> keys, Permit permit) {
        List<RuntimeException> failures = new ArrayList<>();
        BackgroundLoad<K, V> load = cache.backgroundLoad(anew, (key, failure) -> failures.add(failure));
        long loaded = load.load(keys, permit);
        return new Result(loaded, load.failedLoads(), failures.isEmpty() ? null : failures.get(0));
    }

    /**
     * What became of keys.
     *
     * @param failure of the load, if there is nothing else to answer
     */
    record Result(long loaded, long failed, @Nullable RuntimeException failure) {}
}
