package dev.millpond.benchmarks.peers;

/**
 * Shows whether a node has applied the invalidations that were completed before, by an entry that is invalidated last.
 *
 * <p>Nodes that keep values in their own memory learn of invalidations by messages, in order. Comparing them before the
 * messages have arrived would accuse them of the time that a message takes.
 */
public interface Fence {

    /** The fence of a node that keeps nothing in its own memory. */
    Fence NONE = new Fence() {};

    /** Has this node keep an entry in its own memory. */
    default void raise(String key) throws Exception {}

    /** Invalidates the entry for all nodes. */
    default void lower(String key) throws Exception {}

    /** Tells whether the entry is still in this node's memory. */
    default boolean raised(String key) throws Exception {
        return false;
    }
}
