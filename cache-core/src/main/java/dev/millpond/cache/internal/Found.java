package dev.millpond.cache.internal;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the second level says about a key.
 *
 * @param kind what is there
 * @param entry the entry, if it may be used
 * @param prefix the beginning of what is stored, by which it can be replaced; null if nothing may be
 * @param <V> the type of the value
 */
@SuppressWarnings("ArrayRecordComponent")
record Found<V>(Kind kind, @Nullable Entry<V> entry, byte @Nullable [] prefix) {

    enum Kind {
        /** A fresh and valid entry. */
        HIT,
        /** A valid entry past its time to live; the reader loads, and replaces it. */
        STALE,
        /** An invalidated or unreadable entry, or a lease that nobody holds, to be replaced by a lease. */
        INVALID,
        /** Nothing; the reader asks for the lease. */
        NOTHING,
        /** Somebody else's lease; the reader waits. */
        LEASED_ELSEWHERE,
        /** The reader's own lease: it loads and stores. */
        MINE,
        /** The wait for somebody else's lease took too long: the reader loads without storing. */
        UNLEASED,
        /** The second level does not answer, or cannot be trusted: the reader loads for this process. */
        AWAY
    }

    static <V> Found<V> hit(Entry<V> entry, byte[] prefix) {
        return new Found<>(Kind.HIT, entry, prefix);
    }

    static <V> Found<V> of(Kind kind) {
        return new Found<>(kind, null, null);
    }

    static <V> Found<V> of(Kind kind, byte[] prefix) {
        return new Found<>(kind, null, prefix);
    }

    boolean isHit() {
        return kind == Kind.HIT;
    }

    /** Tells whether there is nothing usable, and nobody loads it. */
    boolean isToBeLeased() {
        return kind == Kind.NOTHING || kind == Kind.INVALID;
    }

    /** Returns this, with an entry that would do taken for one to be replaced. */
    Found<V> asReplaceable() {
        return kind == Kind.HIT ? new Found<>(Kind.STALE, entry, prefix) : this;
    }

    /** Returns the entry of a {@link Kind#HIT}. */
    Entry<V> require() {
        return Objects.requireNonNull(entry);
    }

    /** Returns the prefix of a kind that can be replaced. */
    byte[] requirePrefix() {
        return Objects.requireNonNull(prefix);
    }
}
