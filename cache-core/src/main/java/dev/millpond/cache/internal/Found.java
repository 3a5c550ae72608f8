package dev.millpond.cache.internal;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the second level says about a key.
 *
 * @param kind what is there
 * @param entry the entry, if there is one that can be read; it may be used as the kind says
 * @param prefix the beginning of what is stored, by which it can be replaced; null if nothing may be
 * @param replaced the entry whose place the reader's lease has taken, if there was one that can be read
 * @param <V> the type of the value
 */
@SuppressWarnings("ArrayRecordComponent")
record Found<V>(
        Kind kind,
        @Nullable Entry<V> entry,
        byte @Nullable [] prefix,
        @Nullable Entry<V> replaced) {

    enum Kind {
        /** A fresh and valid entry. */
        HIT,
        /** A valid entry past its time to live, which nobody is loading; the reader asks for the right to. */
        STALE,
        /** A valid entry past its time to live, which somebody else is loading; it answers meanwhile. */
        REFRESHED_ELSEWHERE,
        /**
         * An invalidated or unreadable entry, which must not answer, or a lease that nobody holds, to be replaced by a
         * lease.
         */
        INVALID,
        /** Nothing; the reader asks for the lease. */
        NOTHING,
        /** Somebody else's lease; the reader waits. */
        LEASED_ELSEWHERE,
        /** The reader's own lease, with the entry past its time to live if there is one: it loads and stores. */
        MINE,
        /** The wait for somebody else's lease took too long: the reader loads without storing. */
        UNLEASED,
        /** The second level does not answer, or cannot be trusted: the reader loads for this process. */
        AWAY,
        /**
         * The second level is not to be asked, since there is none, or the cache or this read goes without it: the
         * reader loads for this process, or for itself.
         */
        NOT_ASKED
    }

    Found(Kind kind, @Nullable Entry<V> entry, byte @Nullable [] prefix) {
        this(kind, entry, prefix, null);
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

    /** Tells whether the entry answers for as long as somebody else loads it. */
    boolean isRefreshedElsewhere() {
        return kind == Kind.REFRESHED_ELSEWHERE;
    }

    /** Tells whether this answers by itself, without a load. */
    boolean isAnswer() {
        return isHit() || isRefreshedElsewhere();
    }

    /** Tells whether the reader has to wait for somebody else. */
    boolean isLeasedElsewhere() {
        return kind == Kind.LEASED_ELSEWHERE;
    }

    /** Tells whether a value can come from a load alone, and this reader may ask for it. */
    boolean isToBeLoaded() {
        return !isAnswer() && !isLeasedElsewhere();
    }

    /** Tells whether nobody else can load before the reader has. */
    boolean isMine() {
        return kind == Kind.MINE;
    }

    /** Tells whether the reader may put what it loads in the place of what is there. */
    boolean isReplaceable() {
        return kind == Kind.MINE || kind == Kind.STALE;
    }

    /** Tells whether the second level would have been asked and could not be. */
    boolean isAway() {
        return kind == Kind.AWAY;
    }

    /** Tells whether the right to load is still to be asked for. */
    boolean isToBeLeased() {
        return kind == Kind.NOTHING || kind == Kind.INVALID || kind == Kind.STALE;
    }

    /** Returns this, with an entry that would do taken for one to be replaced. */
    Found<V> asReplaceable() {
        return isAnswer() ? new Found<>(Kind.STALE, entry, prefix) : this;
    }

    /** Returns this, with the reader as the one who loads and replaces the entry. */
    Found<V> asMine(byte[] newPrefix) {
        return new Found<>(Kind.MINE, entry, newPrefix);
    }

    /** Returns this, with the reader as the one who loads, and its lease in the place of the entry. */
    Found<V> asLeased(byte[] lease) {
        return new Found<>(Kind.MINE, null, lease, entry);
    }

    /** Returns what the second level has or had of the key, or null; it may be invalidated. */
    @Nullable
    Entry<V> last() {
        return entry != null ? entry : replaced;
    }

    /** Returns the entry of a kind that answers. */
    Entry<V> require() {
        return Objects.requireNonNull(entry);
    }

    /** Returns the prefix of a kind that can be replaced. */
    byte[] requirePrefix() {
        return Objects.requireNonNull(prefix);
    }
}
