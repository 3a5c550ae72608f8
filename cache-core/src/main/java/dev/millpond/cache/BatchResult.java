package dev.millpond.cache;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a batch has done; immutable.
 *
 * @param done keys whose values were passed on or put, or that were invalidated
 * @param absent keys that the source has no value for, of a read
 * @param failed keys that could not be read, put or invalidated
 * @param firstFailures why, for at most the first 100 of those that failed
 * @param <K> the type of keys
 */
public record BatchResult<K>(long done, long absent, long failed, Map<K, RuntimeException> firstFailures) {

    /** Copies the failures, in their order. */
    public BatchResult {
        firstFailures = Collections.unmodifiableMap(new LinkedHashMap<>(firstFailures));
    }

    /** Returns the counts alone, since keys may be somebody's names or secrets. */
    @Override
    public String toString() {
        return done + " done, " + absent + " absent, " + failed + " failed";
    }
}
