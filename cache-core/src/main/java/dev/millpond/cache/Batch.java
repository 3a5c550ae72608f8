package dev.millpond.cache;

import java.util.Map;
import java.util.stream.Stream;

/**
 * Operations on very many keys of one cache, which are taken from a stream and dealt with chunk by chunk, so that there
 * may be more of them than fit into memory.
 *
 * <p>Immutable and thread-safe: each setting returns another batch, and each operation stands alone. Operations run on
 * the calling thread, one chunk after the other, and hold one chunk in memory. A stream is used up and not closed; of a
 * parallel one only the order counts. A collection is given as {@code keys.stream()}.
 *
 * <p>What one key cannot do is its failure, and {@link OnFailure} says what becomes of the others. What ends a batch
 * before its last key is thrown as a {@link BatchException} with the {@link BatchResult} of what was done until then: a
 * failure, an interrupt between two chunks, or an exception of the stream or of the consumer of the values. An
 * {@link Error} is thrown as it is. That Redis is away is no failure: what {@link Cache} says of that is true of each
 * chunk, and a value that Redis did not take counts as done, as {@link Cache#put} of it would return.
 *
 * <p>A cache with a loader can read many keys too: {@link LoadingBatch}.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 * @see Cache#batch()
 */
public interface Batch<K, V> {

    /** The number of keys of a chunk, unless {@link #chunkSize} says otherwise. */
    int DEFAULT_CHUNK_SIZE = 1_000;

    /** The largest number of keys of a chunk. */
    int MAXIMUM_CHUNK_SIZE = 10_000;

    /**
     * Returns a batch with so many keys in a chunk; 1000 by default.
     *
     * <p>A chunk is read, loaded, or written together and is in memory as a whole, with its values. A
     * {@link BulkCacheLoader} is asked for as many keys at once.
     *
     * @throws IllegalArgumentException if it is not from 1 to 10 000
     */
    Batch<K, V> chunkSize(int keys);

    /**
     * Returns a batch that does so when a key fails; {@link OnFailure#FAIL} by default, which nobody can overlook.
     *
     * <p>Then of the chunk with the failure nothing is put or invalidated; what could be read of it is passed on.
     * Otherwise look at {@link BatchResult#failed}.
     */
    Batch<K, V> onFailure(OnFailure policy);

    /**
     * Stores values that are newer than what the cache has, as {@link Cache#put} does with one; the last one of a key
     * counts.
     *
     * <p>Nodes remember the latest 30 000 to 40 000 names that were invalidated, and everything loaded or put before
     * those is a miss. So a batch of more than 10 000 entries, which it finds out by taking so many before it stores
     * the first, names none of them: it invalidates the whole cache once, before it stores anything, and then replaces
     * what this process and Redis have. That beats all loads that began before. But a load that reads the source before
     * it is changed, while the batch runs, may be answered and kept anywhere until it expires: also in this process,
     * also in caches that are {@link Consistency#STRICT}, and so may what is made from it. The same is true of what is
     * put elsewhere meanwhile. Commit the source before the batch; then nothing old can be read. Batches with no more
     * than 10 000 entries are exact in any case.
     *
     * @param entries neither keys nor values are null
     * @throws BatchException if it ended before the last entry
     */
    BatchResult<K> putAll(Stream<? extends Map.Entry<? extends K, ? extends V>> entries);

    /**
     * Invalidates keys and all that depends on them, as {@link Cache#invalidate} does with one.
     *
     * <p>A key is sure to be invalidated when the batch has ended. With more than 10 000 different ones the batch
     * invalidates the whole cache at its end, as {@link Cache#invalidateAll()} does: see
     * {@link Cache#invalidateAll(java.util.Collection)}. It does so too if it ends early.
     *
     * @throws BatchException if it ended before the last key; those that the result does not count as done may not be
     *     invalidated
     */
    BatchResult<K> invalidateAll(Stream<? extends K> keys);
}
