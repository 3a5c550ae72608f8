package dev.millpond.cache.internal;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Invalidates the keys of one batch. Not thread-safe.
 *
 * <p>When there are too many to name, the whole cache is invalidated at the end and not at once: the stream may change
 * the source of a key as it gives it.
 *
 * @param <K> the type of keys
 */
final class BatchInvalidations<K> implements BatchRun.Work<K> {

    private final TieredCache<K, ?> cache;
    private final BatchTally<K> tally;
    private final Set<String> named = new HashSet<>();
    private boolean whole;

    BatchInvalidations(TieredCache<K, ?> cache, BatchTally<K> tally) {
        this.cache = cache;
        this.tally = tally;
    }

    @Override
    public void chunk(List<K> keys) {
        Set<String> texts = new LinkedHashSet<>();
        int valid = 0;
        for (K key : keys) {
            valid += tally.tries(key, () -> texts.add(cache.parts.textOf(key))) ? 1 : 0;
        }
        tally.endIfFailed();
        if (!texts.isEmpty() && !isWhole(texts)) {
            cache.invalidateEach(keys, List.copyOf(texts));
        }
        tally.done(valid);
    }

    private boolean isWhole(Set<String> texts) {
        if (!whole) {
            named.addAll(texts);
            whole = named.size() > TieredCache.MOST_KEYS;
        }
        if (whole) {
            named.clear();
        }
        return whole;
    }

    @Override
    public void end() {
        if (whole) {
            cache.invalidateAll();
        }
    }
}
