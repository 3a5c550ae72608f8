package dev.millpond.cache.internal;

import dev.millpond.cache.CacheLoadException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One read of many keys of a batch that are loaded one after the other: one look-up in Redis for those missing here,
 * and then each that is missing there as if it were read alone. Not thread-safe.
 *
 * <p>So a lease and a permit are held for one load, and do not run out while the loads of other keys go on.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
final class EachRead<K, V> {

    private final TieredCache<K, V> cache;
    private final Loader<K, V> loader;
    private final BatchTally<K> tally;
    private final BulkAnswers<K, V> there;

    EachRead(TieredCache<K, V> cache, Loader<K, V> loader, BatchTally<K> tally) {
        this.cache = cache;
        this.loader = loader;
        this.tally = tally;
        this.there = new BulkAnswers<>(cache.parts, tally::failed, true);
    }

    /**
     * Returns the answers for those keys that have not failed, in their order; those that are there alone from the
     * failure on that ends the batch.
     */
    Map<K, Answer<V>> read(Set<K> keys) {
        takeFromRedis(there.missingHere(keys).stream()
                .filter(cache.parts.allowed()::uses)
                .toList());
        return there.counted(keys, this::loaded);
    }

    private void takeFromRedis(List<Request<K>> missing) {
        there.landAll(missing, cache.remote.lookupAll(missing), Found::isAnswer, cache.beyond);
    }

    private @Nullable Answer<V> loaded(K key) {
        if (tally.hasEnded()) {
            return null;
        }
        try {
            return cache.read(key, loader);
        } catch (CacheLoadException | IllegalStateException e) {
            tally.failed(key, e);
            return null;
        }
    }
}
