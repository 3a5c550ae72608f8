package dev.millpond.cache.internal;

/**
 * When an entry was loaded and how long it may answer, on this node's clocks.
 *
 * @param createdAtMillis when it was loaded, in milliseconds of the epoch
 * @param freshUntil up to which reading of the ticker it is fresh, in nanoseconds
 * @param usableUntil up to which reading of the ticker it may answer while its loader fails, in nanoseconds
 * @param freshHereUntil up to which reading of the ticker this process's copy is fresh, in nanoseconds
 */
record Lifetime(long createdAtMillis, long freshUntil, long usableUntil, long freshHereUntil) {

    /** Creates a lifetime that is the same in this process as elsewhere. */
    Lifetime(long createdAtMillis, long freshUntil, long usableUntil) {
        this(createdAtMillis, freshUntil, usableUntil, freshUntil);
    }

    boolean fresh(long now) {
        return now - freshHereUntil < 0;
    }

    boolean usable(long now) {
        return now - usableUntil < 0;
    }

    /** Returns this lifetime, ending its freshness in this process so many nanoseconds from now at the latest. */
    Lifetime freshFor(long nanos, long now) {
        return freshHereUntil - now <= nanos
                ? this
                : new Lifetime(createdAtMillis, freshUntil, usableUntil, now + nanos);
    }
}
