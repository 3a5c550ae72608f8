package dev.millpond.benchmarks.peers;

/**
 * A node with a cache of Millpond.
 *
 * @param read the ordinary read
 * @param comparedRead the read that is compared
 * @param change how a change of the source is told
 * @param fence shows what the node has applied
 */
record MillpondNode(Read read, Read comparedRead, Change change, Fence fence) implements PeerNode {

    MillpondNode comparing(Read other) {
        return new MillpondNode(read, other, change, fence);
    }

    MillpondNode changing(Change other) {
        return new MillpondNode(read, comparedRead, other, fence);
    }

    @Override
    public String get(String key) throws Exception {
        return String.valueOf(read.read(key));
    }

    @Override
    public void compared(String key) throws Exception {
        comparedRead.read(key);
    }

    @Override
    public void invalidate(String key) {
        change.apply(key);
    }

    /** Reads a key. */
    @FunctionalInterface
    interface Read {

        Object read(String key) throws Exception;
    }

    /** Tells the cache that a key has changed. */
    @FunctionalInterface
    interface Change {

        void apply(String key);
    }
}
