package dev.millpond.cache.oracle;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Something that changes in the source of truth.
 *
 * @param kind what it is
 * @param key which one of its kind, below {@link #KEYS}
 */
record Subject(Kind kind, int key) {

    static final int KEYS = 12;

    enum Kind {
        /** A row that is read alone, and changed by {@code invalidate} and {@code put}. */
        BASE,
        /** A row that is read with others, and changed by {@code invalidateAll}. */
        BULK,
        /** What a tag stands for, changed by {@code invalidate(Tag...)}. */
        TAG,
        /** A row that is kept in a cache that is strict, and changed in every way. */
        STRICT,
        /** A row that another program changes: it knows nothing of the log and only removes the entry from Redis. */
        FOREIGN
    }

    static Subject base(int key) {
        return new Subject(Kind.BASE, key % KEYS);
    }

    static Subject bulk(int key) {
        return new Subject(Kind.BULK, key % KEYS);
    }

    static Subject tag(int key) {
        return new Subject(Kind.TAG, key % KEYS);
    }

    static Subject strict(int key) {
        return new Subject(Kind.STRICT, key % KEYS);
    }

    static Subject foreign(int key) {
        return new Subject(Kind.FOREIGN, key % KEYS);
    }

    /** Returns all subjects of one kind. */
    static List<Subject> all(Kind kind) {
        return IntStream.range(0, KEYS).mapToObj(key -> new Subject(kind, key)).toList();
    }

    /** Returns all subjects there are. */
    static List<Subject> all() {
        return Arrays.stream(Kind.values()).flatMap(kind -> all(kind).stream()).toList();
    }

    @Override
    public String toString() {
        return kind.name().toLowerCase(Locale.ROOT) + ' ' + key;
    }
}
