package dev.millpond.cache.internal;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * Keys to be taken in batches by several threads; thread-safe.
 *
 * @param <K> the type of keys
 */
final class KeyBatches<K> {

    private final String warmer;
    private final Iterator<? extends K> iterator;
    private final long size;
    private final int batchSize;
    private long taken;
    private boolean ended;

    /** Creates the batches of a stream, which stays open. */
    KeyBatches(String warmer, Stream<? extends K> keys, int batchSize) {
        Spliterator<? extends K> spliterator = keys.spliterator();
        this.warmer = warmer;
        this.size = Math.max(0, spliterator.getExactSizeIfKnown());
        this.iterator = Spliterators.iterator(spliterator);
        this.batchSize = batchSize;
    }

    /**
     * Returns the next keys; none at the end.
     *
     * @param goesOn is asked before each key
     * @throws NullPointerException if one is null
     */
    synchronized List<K> next(BooleanSupplier goesOn) {
        List<K> batch = new ArrayList<>();
        while (batch.size() < batchSize && goesOn.getAsBoolean() && hasNext()) {
            batch.add(Objects.requireNonNull(
                    iterator.next(),
                    () -> "Warmer '" + warmer + "': a key is null. Leave it out of the keys to warm."));
        }
        taken += batch.size();
        return batch;
    }

    private boolean hasNext() {
        ended = !iterator.hasNext();
        return !ended;
    }

    /** Returns how many keys there are, or zero if nobody knows. */
    long size() {
        return size;
    }

    /** Returns how many keys there are, or else were taken. */
    synchronized long planned() {
        return Math.max(size, taken);
    }

    /** Tells whether all keys were taken, as far as anybody knows. */
    synchronized boolean areTaken() {
        return ended || (size > 0 && taken >= size);
    }
}
