package dev.millpond.cache.internal;

import dev.millpond.cache.BatchResult;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one batch has done so far. Not thread-safe.
 *
 * @param <K> the type of keys
 */
final class BatchTally<K> {

    static final int MOST_FAILURES = 100;

    private final boolean endsAtFailure;
    private final Map<K, RuntimeException> firstFailures = new LinkedHashMap<>();
    private long done;
    private long absent;
    private long failed;

    /**
     * Creates an empty tally.
     *
     * @param endsAtFailure whether a failure ends the batch
     */
    BatchTally(boolean endsAtFailure) {
        this.endsAtFailure = endsAtFailure;
    }

    void done(int keys) {
        done += keys;
    }

    void absent(int keys) {
        absent += keys;
    }

    void failed(K key, RuntimeException failure) {
        failed++;
        if (firstFailures.size() < MOST_FAILURES) {
            firstFailures.putIfAbsent(key, failure);
        }
    }

    /** Does something with a key; whatever that throws, a key format of the application too, is the key's failure. */
    boolean tries(K key, Runnable action) {
        try {
            action.run();
            return true;
        } catch (RuntimeException e) {
            failed(key, e);
            return false;
        }
    }

    /** Tells whether a failure ends the batch. */
    boolean hasEnded() {
        return endsAtFailure && failed > 0;
    }

    /** Throws the first failure if that ends the batch. */
    void endIfFailed() {
        if (hasEnded()) {
            throw firstFailures.values().iterator().next();
        }
    }

    BatchResult<K> result() {
        return new BatchResult<>(done, absent, failed, firstFailures);
    }
}
