package dev.millpond.cache;

import java.util.function.BiConsumer;
import java.util.stream.Stream;

/**
 * Operations on very many keys of a cache with a loader, as {@link Batch} has them, and reads. They are apart because a
 * cache without a loader has nothing to ask for what is missing.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 * @see LoadingCache#batch()
 */
public interface LoadingBatch<K, V> extends Batch<K, V> {

    @Override
    LoadingBatch<K, V> chunkSize(int keys);

    @Override
    LoadingBatch<K, V> onFailure(OnFailure policy);

    /**
     * Reads the values of keys, each chunk as {@link LoadingCache#getAll} does: one look-up in Redis and one bulk load.
     *
     * <p>If a load fails, the keys that are answered by the cache or by a stale value have not failed, and their values
     * are passed on. With {@link OnFailure#ACCUMULATE} and a {@link CacheLoader} a key that cannot be loaded fails
     * alone; with a {@link BulkCacheLoader} so do all keys that it was asked for together. A key that comes twice in a
     * chunk is read and counted once.
     *
     * <p>Not meant for loaders: what they read is recorded, and may be more than fits into memory.
     *
     * @param consumer is given the values that the source has, chunk by chunk in the order of the keys, on the calling
     *     thread; what it throws ends the batch
     * @throws BatchException if it ended before the last key
     */
    BatchResult<K> getAll(Stream<? extends K> keys, BiConsumer<? super K, ? super V> consumer);
}
