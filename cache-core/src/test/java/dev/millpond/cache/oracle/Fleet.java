package dev.millpond.cache.oracle;

import dev.millpond.runtime.RedisConnection;
import java.time.Duration;
import java.util.List;

/** The Redis servers under test, with a network of its own between them and each node; thread-safe. */
interface Fleet extends AutoCloseable {

    int NODES = 3;

    /** Connects a node with a client of its own, which the node closes. */
    RedisConnection connect(int node);

    /** Returns all that can go wrong here. */
    List<Fault> faults();

    /** Removes a key as another program does: past every network under test. */
    void unlink(String key);

    /** Returns how much later than its bound a node may learn of an invalidation, because two servers take writes. */
    default Duration splitBrain() {
        return Duration.ZERO;
    }

    /**
     * Returns how much later a read of a strict cache may learn of an invalidation: not at all on one server. Where a
     * failover may lose the latest invalidations, nodes that had not applied them learn of that by their polls.
     */
    default Duration strictBound() {
        return splitBrain().isZero() ? Duration.ZERO : splitBrain().plus(Node.POLL_INTERVAL);
    }

    /** Ends all faults. */
    void repair();

    @Override
    void close();
}
