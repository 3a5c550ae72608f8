package dev.millpond.cache.internal;

/**
 * When an entry was loaded and how long it may answer, on this node's clocks.
 *
 * @param createdAtMillis when it was loaded, in milliseconds of the epoch
 * @param freshUntil up to which reading of the ticker it is fresh, in nanoseconds
 * @param usableUntil up to which reading of the ticker it may answer while its loader fails, in nanoseconds
 */
record Lifetime(long createdAtMillis, long freshUntil, long usableUntil) {

    boolean fresh(long now) {
        return now - freshUntil < 0;
    }

    boolean usable(long now) {
        return now - usableUntil < 0;
    }

    /** Returns this lifetime, ending its freshness so many nanoseconds from now at the latest. */
    Lifetime freshFor(long nanos, long now) {
        return freshUntil - now <= nanos ? this : new Lifetime(createdAtMillis, now + nanos, usableUntil);
    }
}
