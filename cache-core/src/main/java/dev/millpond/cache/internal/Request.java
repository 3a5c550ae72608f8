package dev.millpond.cache.internal;

/**
 * One read of one key.
 *
 * @param key the key as the caller gave it
 * @param text the key's readable text
 * @param ownNames the names of the entry itself and of its cache
 * @param stamp what was known of invalidations when the read began
 * @param <K> the type of keys
 */
@SuppressWarnings("ArrayRecordComponent")
record Request<K>(K key, String text, String[] ownNames, Stamp stamp) {

    String entryName() {
        return ownNames[0];
    }

    /** Returns this read, begun again. */
    Request<K> at(Stamp later) {
        return new Request<>(key, text, ownNames, later);
    }
}
