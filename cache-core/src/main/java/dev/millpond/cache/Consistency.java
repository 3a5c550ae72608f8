package dev.millpond.cache;

/** Which reads of a cache may miss an invalidation that another node has completed. */
public enum Consistency {

    /**
     * Reads miss no invalidation that completed longer ago than the registry's staleness bound, 2 seconds by default.
     *
     * <p>A hit in this process sends nothing to Redis; a hit in Redis sends one GET.
     */
    BOUNDED,

    /**
     * Reads miss no invalidation that completed before they began.
     *
     * <p>Nothing is kept in this process: each read asks Redis for the entry and, in the same round trip, for the end
     * of the invalidation log, which is one command more (HMGET). While Redis is away each read calls the loader. Two
     * things are as with {@link #BOUNDED}: what a loader reads from caches that are not strict, and invalidations that
     * Redis itself loses in a failover. In a registry without Redis this is the same as {@link #BOUNDED}, because there
     * an invalidation is complete at once.
     */
    STRICT
}
