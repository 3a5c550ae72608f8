package dev.millpond.testkit;

import dev.millpond.testkit.internal.ClusterNodes;
import java.util.List;

/**
 * A Redis Cluster of three masters and three replicas, with a node timeout of 2 s.
 *
 * <p>Everything said of {@link RedisTopology} holds.
 */
public final class RedisCluster extends RedisTopology {

    private RedisCluster() {
        super(ClusterNodes.shared());
    }

    /** Returns the cluster for a field with {@code @RegisterExtension}; nothing is started yet. */
    public static RedisCluster create() {
        return new RedisCluster();
    }

    /** Returns the slot of a key, 0 to 16383. */
    public int slotOf(String key) {
        return ClusterNodes.shared().get().slotOf(key);
    }

    /**
     * Moves the slot of a key, with all keys in it, to another master.
     *
     * <p>Clients that still ask the former master meet {@code MOVED}.
     */
    public void moveSlot(String key) {
        beginSlotMigration(key).end();
    }

    /**
     * Begins to move the slot of a key to another master; no key has moved yet.
     *
     * <p>Clients that ask for a key that is not there, or has moved already, meet {@code ASK}.
     */
    public SlotMigration beginSlotMigration(String key) {
        RedisServer source = masterOf(key);
        RedisServer target = masters().stream()
                .filter(master -> !master.equals(source))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("There is no other master. Call heal() first."));
        return SlotMigration.begin(this, slotOf(key), source, target);
    }

    @Override
    String redissonServers(String addresses) {
        return "clusterServersConfig:\n  nodeAddresses: " + addresses + "\n";
    }

    @Override
    List<RedisServer> contacts() {
        return nodes();
    }
}
