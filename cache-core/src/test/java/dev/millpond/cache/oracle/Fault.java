package dev.millpond.cache.oracle;

import java.util.function.IntConsumer;

/**
 * One thing that goes wrong.
 *
 * @param name its name in reports
 * @param reach what it hits
 * @param begin makes it happen, to the node with this number if it hits one node only
 * @param end repairs it
 */
record Fault(String name, Reach reach, IntConsumer begin, IntConsumer end) {

    enum Reach {
        /** The network of one node, for a while. */
        NETWORK,
        /** The servers, for a while. */
        SERVERS,
        /** A moment: there is nothing to repair. */
        MOMENT
    }

    static Fault ofNetwork(String name, IntConsumer begin, IntConsumer end) {
        return new Fault(name, Reach.NETWORK, begin, end);
    }

    static Fault ofServers(String name, Runnable begin, Runnable end) {
        return new Fault(name, Reach.SERVERS, node -> begin.run(), node -> end.run());
    }

    static Fault ofMoment(String name, IntConsumer begin) {
        return new Fault(name, Reach.MOMENT, begin, node -> {});
    }
}
