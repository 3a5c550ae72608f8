package dev.millpond.benchmarks.peers;

/**
 * One way to use a peer: a row of a table.
 *
 * @param usage how a key is read; and how it is invalidated
 * @param note what a reader of the table should know of it, the peer's limits above all
 * @param moment where an invalidation overtakes its reader
 * @param stampedes whether it is compared under many callers of one key too
 * @param opener makes nodes
 */
public record Variant(String usage, String note, Moment moment, boolean stampedes, Opener opener) {

    /** Makes one node of a fleet. */
    @FunctionalInterface
    public interface Opener {

        /**
         * Opens a node.
         *
         * @param machine has the connections of the node
         * @param name the name of the cache, the same on all nodes of the fleet and no other's
         */
        PeerNode open(Machine machine, String name, Source source) throws Exception;
    }

    static Variant of(String usage, String note, Opener opener) {
        return new Variant(usage, note, Moment.MISS, true, opener);
    }

    /** Returns a variant of another moment, which is not compared under many callers. */
    static Variant at(Moment moment, String usage, String note, Opener opener) {
        return new Variant(usage, note, moment, false, opener);
    }
}
