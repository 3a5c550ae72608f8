package dev.millpond.cache.internal;

import dev.millpond.cache.CacheResult.Source;

/**
 * What a read found.
 *
 * @param entry the entry
 * @param source where it was found
 * @param stored whether a cache holds it now
 * @param joined whether another caller of this process loaded it
 * @param due whether it is to be loaded anew although it is fresh
 * @param degraded whether the second level could not be asked
 * @param <V> the type of the value
 */
record Answer<V>(Entry<V> entry, Source source, boolean stored, boolean joined, boolean due, boolean degraded) {

    Answer(Entry<V> entry, Source source, boolean stored, boolean joined) {
        this(entry, source, stored, joined, false, false);
    }

    /** Returns the answer of a load. */
    static <V> Answer<V> loaded(Entry<V> entry, boolean stored, boolean degraded) {
        return new Answer<>(entry, Source.LOADER, stored, false, false, degraded);
    }

    /** Returns an answer that may be out of date. */
    static <V> Answer<V> stale(Entry<V> entry, boolean degraded) {
        return new Answer<>(entry, Source.STALE, true, false, false, degraded);
    }

    Answer<V> asJoined() {
        return new Answer<>(entry, source, stored, true, false, degraded);
    }

    Answer<V> asDue() {
        return new Answer<>(entry, source, stored, joined, true, degraded);
    }
}
