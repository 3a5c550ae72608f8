package dev.millpond.cache.internal;

import dev.millpond.cache.Batch;
import dev.millpond.cache.BatchResult;
import dev.millpond.cache.OnFailure;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The batches of one cache.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
class TieredBatch<K, V> implements Batch<K, V> {

    final BatchSettings settings;
    private final TieredCache<K, V> cache;

    TieredBatch(TieredCache<K, V> cache, BatchSettings settings) {
        this.cache = cache;
        this.settings = settings;
    }

    @Override
    public Batch<K, V> chunkSize(int keys) {
        return new TieredBatch<>(cache, settings.withChunkSize(keys));
    }

    @Override
    public Batch<K, V> onFailure(OnFailure policy) {
        return new TieredBatch<>(cache, settings.with(policy));
    }

    @Override
    public final BatchResult<K> putAll(Stream<? extends Map.Entry<? extends K, ? extends V>> entries) {
        BatchTally<K> tally = tally();
        return new BatchRun<>(settings, tally, new BatchPuts<>(cache, tally)).over(entries);
    }

    @Override
    public final BatchResult<K> invalidateAll(Stream<? extends K> keys) {
        BatchTally<K> tally = tally();
        return new BatchRun<>(settings, tally, new BatchInvalidations<>(cache, tally)).over(keys);
    }

    final BatchTally<K> tally() {
        return new BatchTally<>(settings.endsAtFailure());
    }
}
