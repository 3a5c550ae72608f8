package dev.millpond.cache.internal;

import dev.millpond.cache.BatchResult;
import dev.millpond.cache.LoadingBatch;
import dev.millpond.cache.OnFailure;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/**
 * The batches of one cache with a loader.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
final class TieredLoadingBatch<K, V> extends TieredBatch<K, V> implements LoadingBatch<K, V> {

    private final TieredCache<K, V> cache;
    private final ManyLoader<K, V> loaders;

    TieredLoadingBatch(TieredCache<K, V> cache, BatchSettings settings, ManyLoader<K, V> loaders) {
        super(cache, settings);
        this.cache = cache;
        this.loaders = loaders;
    }

    @Override
    public LoadingBatch<K, V> chunkSize(int keys) {
        return new TieredLoadingBatch<>(cache, settings.withChunkSize(keys), loaders);
    }

    @Override
    public LoadingBatch<K, V> onFailure(OnFailure policy) {
        return new TieredLoadingBatch<>(cache, settings.with(policy), loaders);
    }

    @Override
    public BatchResult<K> getAll(Stream<? extends K> keys, BiConsumer<? super K, ? super V> consumer) {
        BatchTally<K> tally = tally();
        BatchReads<K, V> reads = new BatchReads<>(cache, loaders, tally, consumer);
        return new BatchRun<>(settings, tally, reads).over(keys);
    }
}
