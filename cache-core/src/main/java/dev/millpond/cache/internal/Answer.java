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
 * @param <V> the type of the value
 */
record Answer<V>(Entry<V> entry, Source source, boolean stored, boolean joined, boolean due) {

    Answer(Entry<V> entry, Source source, boolean stored, boolean joined) {
        this(entry, source, stored, joined, false);
    }

    /** Returns an answer that may be out of date. */
    static <V> Answer<V> stale(Entry<V> entry) {
        return new Answer<>(entry, Source.STALE, true, false);
    }

    Answer<V> asJoined() {
        return new Answer<>(entry, source, stored, true);
    }

    Answer<V> asDue() {
        return new Answer<>(entry, source, stored, joined, true);
    }
}
