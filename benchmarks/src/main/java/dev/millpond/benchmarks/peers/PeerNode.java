package dev.millpond.benchmarks.peers;

/**
 * One node of an application that caches with a peer; thread-safe.
 *
 * <p>Belongs to its {@link Machine}, which closes it. Methods throw whatever the peer throws.
 */
public interface PeerNode {

    /** Reads a key, through the cache. */
    String get(String key) throws Exception;

    /** Reads a key in the way that is compared, where that is not {@link #get}. */
    default void compared(String key) throws Exception {
        get(key);
    }

    /**
     * Invalidates a key after its source has changed; returns when the peer says that it is done.
     *
     * <p>Where a peer only says that it has sent something, this waits until it has arrived.
     */
    void invalidate(String key) throws Exception;

    /** Waits until what {@link #compared} has sent without waiting has arrived; nothing by default. */
    default void awaitStores() throws Exception {}

    /** Returns how to see which invalidations this node has applied; nothing by default, for peers in Redis alone. */
    default Fence fence() {
        return Fence.NONE;
    }
}
