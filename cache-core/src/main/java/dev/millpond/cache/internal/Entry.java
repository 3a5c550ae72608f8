package dev.millpond.cache.internal;

import dev.millpond.cache.CacheResult.Source;
import org.jspecify.annotations.Nullable;

/**
 * A cached value, or the knowledge that there is none.
 *
 * @param <V> the type of the value
 */
final class Entry<V> {

    private final @Nullable V value;
    private final String[] names;
    private final Stamp stamp;
    private final Lifetime lifetime;
    /**
     * What a hit looks at stands here once more: each object on its way may be one more miss of the processor's cache.
     */
    private final TagTable.Epoch epoch;

    private final long freshHereUntil;
    private final @Nullable SourceVersion version;
    private final Answer<V> localAnswer;
    private volatile long checkedUpTo;

    /**
     * Creates an entry.
     *
     * @param value null if the source has none
     * @param names what the entry is invalidated by: itself, its cache, its tags and dependencies
     * @param version which version of its source it is, if its loader said so
     */
    Entry(@Nullable V value, String[] names, Stamp stamp, Lifetime lifetime, @Nullable SourceVersion version) {
        this.value = value;
        this.names = names;
        this.stamp = stamp;
        this.lifetime = lifetime;
        this.epoch = stamp.epoch();
        this.freshHereUntil = lifetime.freshHereUntil();
        this.version = version;
        this.checkedUpTo = stamp.sequence();
        this.localAnswer = new Answer<>(this, Source.LOCAL, true, false);
    }

    @Nullable
    V value() {
        return value;
    }

    String[] names() {
        return names;
    }

    Stamp stamp() {
        return stamp;
    }

    /** Tells whether it was loaded in this life of the log. */
    boolean isOf(TagTable.Epoch other) {
        return epoch == other;
    }

    Lifetime lifetime() {
        return lifetime;
    }

    /** Tells whether this process's copy is within its time to live. */
    boolean fresh(long now) {
        return now - freshHereUntil < 0;
    }

    @Nullable
    SourceVersion version() {
        return version;
    }

    /** Returns what Redis had of the value when it was read there, if another header can be written in front of it. */
    @Nullable
    StoredPayload payload() {
        return version == null ? null : version.payload();
    }

    /** Returns this entry, fresh in this process for so many nanoseconds from now at the most. */
    Entry<V> limited(long nanos, long now) {
        Lifetime limited = lifetime.freshFor(nanos, now);
        return limited.equals(lifetime) ? this : new Entry<>(value, names, stamp, limited, version);
    }

    /** Returns this entry as one that answers no more. */
    Entry<V> ended(long now) {
        return new Entry<>(value, names, stamp, new Lifetime(lifetime.createdAtMillis(), now, now), version);
    }

    /** Returns the answer of a hit in this process, made once so that a hit allocates nothing. */
    Answer<V> localAnswer() {
        return localAnswer;
    }

    /** Returns up to which invalidation this entry is known to be valid. */
    long checkedUpTo() {
        return checkedUpTo;
    }

    void checkedUpTo(long sequence) {
        checkedUpTo = sequence;
    }
}
