package dev.millpond.benchmarks.hitrate;

import dev.millpond.benchmarks.peers.Machine;

/** One node that reads through one library's cache. */
interface ReadingNode {

    /** Reads a key. */
    void read(String key);

    /** Returns who has answered so far. */
    Answers answers();

    /** Opens a node. */
    interface Opener {

        /**
         * Opens a node of a fleet.
         *
         * @param name of the cache, the same on all nodes of the fleet and no other's
         * @param memory how many keys it keeps
         */
        ReadingNode open(Machine machine, String name, int memory) throws Exception;
    }
}
