package dev.millpond.cache.internal;

import org.jspecify.annotations.Nullable;

/**
 * One read of one key.
 *
 * @param key the key as the caller gave it
 * @param text the key's readable text
 * @param ownNames the names of the entry itself and of its cache
 * @param stamp what was known of invalidations when the read began
 * @param last what the cache still has of the key for a load that replaces it, if anything
 * @param <K> the type of keys
 */
@SuppressWarnings("ArrayRecordComponent")
record Request<K>(
        K key,
        String text,
        String[] ownNames,
        Stamp stamp,
        @Nullable Entry<?> last) {

    Request(K key, String text, String[] ownNames, Stamp stamp) {
        this(key, text, ownNames, stamp, null);
    }

    String entryName() {
        return ownNames[0];
    }

    /** Returns this read, begun again. */
    Request<K> at(Stamp later) {
        return new Request<>(key, text, ownNames, later, last);
    }

    /** Returns this read, by a load that replaces an entry. */
    Request<K> replacing(@Nullable Entry<?> entry) {
        return new Request<>(key, text, ownNames, stamp, entry);
    }
}
