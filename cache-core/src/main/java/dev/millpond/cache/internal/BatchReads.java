package dev.millpond.cache.internal;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the keys of one batch. Not thread-safe.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
record BatchReads<K, V>(
        TieredCache<K, V> cache,
        ManyLoader<K, V> loaders,
        BatchTally<K> tally,
        BiConsumer<? super K, ? super V> consumer)
        implements BatchRun.Work<K> {

    @Override
    public void chunk(List<K> items) {
        Set<K> keys = new LinkedHashSet<>(items);
        Map<K, Answer<V>> answers = read(keys);
        tally.absent((int) answers.values().stream()
                .filter(each -> each.entry().value() == null)
                .count());
        answers.forEach(this::passOn);
        tally.endIfFailed();
    }

    private Map<K, Answer<V>> read(Set<K> keys) {
        return loaders.atOnce()
                ? new BulkRead<>(cache, loaders, tally::failed).read(keys)
                : new EachRead<>(cache, loaders.one(), tally).read(keys);
    }

    private void passOn(K key, Answer<V> answer) {
        @Nullable V value = answer.entry().value();
        if (value != null) {
            consumer.accept(key, value);
            tally.done(1);
        }
    }
}
