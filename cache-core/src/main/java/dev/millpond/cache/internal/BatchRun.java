package dev.millpond.cache.internal;

import dev.millpond.cache.BatchException;
import dev.millpond.cache.BatchResult;
import java.io.Serial;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * One batch: takes items from a stream, and has them dealt with chunk by chunk. Not thread-safe.
 *
 * <p>The stream pushes its items: taken from an iterator, one that is made of streams would gather those in memory.
 *
 * @param <K> the type of keys
 * @param <T> the type of items
 */
final class BatchRun<K, T> {

    private final BatchSettings settings;
    private final BatchTally<K> tally;
    private final Work<T> work;
    private final List<T> held = new ArrayList<>();
    private int needed;
    private boolean begun;

    BatchRun(BatchSettings settings, BatchTally<K> tally, Work<T> work) {
        this.settings = settings;
        this.tally = tally;
        this.work = work;
        this.needed = Math.max(settings.chunkSize(), work.lookahead());
    }

    BatchResult<K> over(Stream<? extends T> source) {
        try {
            source.sequential().forEachOrdered(this::take);
            passOn();
        } catch (RuntimeException e) {
            throw ended(e);
        } finally {
            work.end();
        }
        return tally.result();
    }

    private void take(T item) {
        held.add(Objects.requireNonNull(item, "A batch was given null. Leave it out of the stream."));
        if (held.size() >= needed) {
            if (needed > settings.chunkSize()) {
                work.many();
            }
            needed = settings.chunkSize();
            passOn();
        }
    }

    private void passOn() {
        for (int from = 0; from < held.size(); from += settings.chunkSize()) {
            endIfInterrupted();
            work.chunk(held.subList(from, Math.min(held.size(), from + settings.chunkSize())));
        }
        held.clear();
    }

    /** Between two chunks, so that what needs one alone does the same on any thread. */
    private void endIfInterrupted() {
        if (begun && Thread.currentThread().isInterrupted()) {
            throw new Interruption();
        }
        begun = true;
    }

    private BatchException ended(RuntimeException cause) {
        BatchResult<K> result = tally.result();
        if (cause instanceof Interruption) {
            return ended("was interrupted", "", new InterruptedException("The batch was interrupted."), result);
        }
        if (settings.endsAtFailure() && result.firstFailures().containsValue(cause)) {
            return ended("failed", " Use onFailure(ACCUMULATE) to go on past failures.", cause, result);
        }
        return ended("was ended by its stream or its consumer, which threw the cause of this,", "", cause, result);
    }

    private BatchException ended(String how, String fix, Throwable cause, BatchResult<K> result) {
        String message = "A batch of cache '" + settings.cache() + "' " + how + " before its last key: " + result
                + ". Its result() has what was done." + fix;
        return new BatchException(message, cause, result);
    }

    /** What a batch does with its chunks. */
    interface Work<T> {

        /** Returns how many items are to be there before the first chunk, unless the stream has fewer. */
        default int lookahead() {
            return 0;
        }

        /** Is told before the first chunk that there are so many. */
        default void many() {}

        /** Deals with one chunk, which changes after that. */
        void chunk(List<T> items);

        /** Is told after the last chunk, whatever made it the last. */
        default void end() {}
    }

    /** Ends a batch whose thread was interrupted; the thread stays so. */
    private static final class Interruption extends RuntimeException {

        @Serial
        private static final long serialVersionUID = 1L;
    }
}
