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
     * Reads the values of keys: one look-up in Redis for each chunk, and for what is missing there one bulk load, as
     * with {@link LoadingCache#getAll}, or with a {@link CacheLoader} one read after the other, as with
     * {@link LoadingCache#get}.
     *
     * <p>If a load fails, the keys that are answered by the cache or by a stale value have not failed, and their values
     * are passed on. With a {@link CacheLoader} a key that cannot be loaded fails alone, and with
     * {@link OnFailure#FAIL} no other is loaded after it; with a {@link BulkCacheLoader} all keys fail that it was
     * asked for together. A key that comes twice in a chunk is read and counted once.
     *
     * <p>Not meant for loaders: what they read is recorded, and may be more than fits into memory.
     *
     * @param consumer is given the values that the source has, chunk by chunk in the order of the keys, on the calling
     *     thread; what it throws ends the batch
     * @throws BatchException if it ended before the last key
     */
    BatchResult<K> getAll(Stream<? extends K> keys, BiConsumer<? super K, ? super V> consumer);
}
