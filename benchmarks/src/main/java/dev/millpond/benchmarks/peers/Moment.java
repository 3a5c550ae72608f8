package dev.millpond.benchmarks.peers;

/** Where an invalidation overtakes a reader. */
public enum Moment {
    /** Nobody has the key; the reader is in its loader. */
    MISS,
    /** The reader has the key and loads it again; it is in its loader. */
    REFRESH,
    /** Redis has the key; the reader has its answer and is about to keep it in its own memory. */
    FILL,
    /**
     * As {@link #MISS}, but the reader outlasts its lease, so that the other node loads meanwhile, before and after.
     */
    LATE,
    /** As {@link #MISS}, and another caller on the reader's node begins after the invalidation and before its end. */
    JOIN
}
