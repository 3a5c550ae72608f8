package dev.millpond.cache.internal;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Reads the keys of one batch. Not thread-safe.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
record BatchReads<K, V>(
        TieredCache<K, V> cache,
        ManyLoader<K, V> loaders,
        boolean eachAlone,
        BatchTally<K> tally,
        BiConsumer<? super K, ? super V> consumer)
        implements BatchRun.Work<K> {

    @Override
    public void chunk(List<K> items) {
        Set<K> keys = new LinkedHashSet<>(items);
        long before = tally.failures();
        Map<K, V> values = new BulkRead<>(cache, loaders, tally::failed, eachAlone).read(keys);
        int failed = (int) (tally.failures() - before);
        tally.absent(keys.size() - values.size() - failed);
        values.forEach((key, value) -> {
            consumer.accept(key, value);
            tally.done(1);
        });
        tally.endIfFailed();
    }
}
