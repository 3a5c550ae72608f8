package dev.millpond.cache.internal;

/**
 * What a node knew of invalidations when a load began.
 *
 * @param epoch the life of the log that the number belongs to
 * @param sequence the number of the last invalidation applied by then
 */
record Stamp(TagTable.Epoch epoch, long sequence) {

    /** Tells whether a load with this stamp saw everything that a load with the other stamp saw. */
    boolean coversAllOf(Stamp other) {
        return epoch == other.epoch && sequence >= other.sequence;
    }
}
