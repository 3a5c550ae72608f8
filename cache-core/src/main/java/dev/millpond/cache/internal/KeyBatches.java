package dev.millpond.cache.internal;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;

/**
 * Keys to be taken in batches by several threads; thread-safe.
 *
 * @param <K> the type of keys
 */
final class KeyBatches<K> implements AutoCloseable {

    private final Stream<? extends K> keys;
    private final Iterator<? extends K> iterator;
    private final long size;
    private final int batchSize;
    private long taken;

    KeyBatches(Stream<? extends K> keys, int batchSize) {
        Spliterator<? extends K> spliterator = keys.spliterator();
        this.keys = keys;
        this.size = Math.max(0, spliterator.getExactSizeIfKnown());
        this.iterator = Spliterators.iterator(spliterator);
        this.batchSize = batchSize;
    }

    /** Returns the next keys; none at the end. */
    synchronized List<K> next() {
        List<K> batch = new ArrayList<>(batchSize);
        while (batch.size() < batchSize && iterator.hasNext()) {
            batch.add(iterator.next());
        }
        taken += batch.size();
        return batch;
    }

    /** Returns how many keys there are, or zero if nobody knows. */
    long size() {
        return size;
    }

    /** Returns how many keys there are, or else were taken. */
    synchronized long planned() {
        return Math.max(size, taken);
    }

    @Override
    public void close() {
        keys.close();
    }
}
