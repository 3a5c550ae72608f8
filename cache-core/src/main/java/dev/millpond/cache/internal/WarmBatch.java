package dev.millpond.cache.internal;

import dev.millpond.cache.internal.Bulkhead.Permit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

    /** Returns the keys to load, by calls of the source; keeps what Redis has of the others. */
    List<Part<K, V>> toLoad(Collection<K> batch) {
        List<K> kept =
                batch.stream().distinct().filter(parts.allowed()::keepsKey).toList();
        Part<K, V> missing = anew ? new Part<>(kept, Map.of()) : missing(kept);
        return cache.loadsTogether() && !missing.keys().isEmpty() ? List.of(missing) : missing.oneByOne();
    }

    private Part<K, V> missing(List<K> keys) {
        List<Request<K>> requests = keys.stream()
                .filter(key -> !parts.local().isFresh(key))
                .map(parts::requestFor)
                .toList();
        Map<K, Found<V>> missing = new LinkedHashMap<>();
        if (!requests.isEmpty()) {
            List<Found<V>> found = parts.remote().lookupAll(requests);
            IntStream.range(0, requests.size())
                    .filter(i -> !isThere(requests.get(i), found.get(i)))
                    .forEach(i -> missing.put(requests.get(i).key(), found.get(i)));
        }
        return new Part<>(List.copyOf(missing.keySet()), missing);
    }

    private boolean isThere(Request<K> request, Found<V> found) {
        if (found.isHit()) {
            parts.local().fill(request.key(), found.require());
        }
        return found.isAnswer() || found.isLeasedElsewhere();
    }

    /** Loads keys by one call of the source. */
    Result load(Part<K, V> part, Permit permit) {
        List<RuntimeException> failures = new ArrayList<>();
        BackgroundLoad<K, V> load = cache.backgroundLoad(anew, (key, failure) -> failures.add(failure));
        long loaded = load.load(part.keys(), part.found(), permit);
        return new Result(loaded, load.failedLoads(), failures.isEmpty() ? null : failures.get(0));
    }

    /**
     * Keys that one call of the source gives.
     *
     * @param found what Redis has of them, if it was asked
     * @param <K> the type of keys
     * @param <V> the type of values
     */
    record Part<K, V>(List<K> keys, Map<K, Found<V>> found) {

        private List<Part<K, V>> oneByOne() {
            return keys.stream().map(key -> new Part<>(List.of(key), found)).toList();
        }
    }

    /**
     * What became of keys.
     *
     * @param failure of the load, if there is nothing else to answer
     */
    record Result(long loaded, long failed, @Nullable RuntimeException failure) {}
}
