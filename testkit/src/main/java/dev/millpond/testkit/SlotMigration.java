package dev.millpond.testkit;

import dev.millpond.testkit.internal.ClusterNodes;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * A slot of a cluster on its way from one master to another; get it from {@link RedisCluster#beginSlotMigration}.
 *
 * <p>Until {@link #end()} the source owns the slot and sends clients with {@code ASK} to the target for keys
 * that it has not got. Not thread-safe.
 */
public final class SlotMigration implements AutoCloseable {

    private static final String KEYS_AT_ONCE = "100";
    private static final String MILLIS_TO_MOVE = "5000";

    private final RedisCluster cluster;
    private final String slot;
    private final RedisServer source;
    private final RedisServer target;
    private boolean ended;

    private SlotMigration(RedisCluster cluster, int slot, RedisServer source, RedisServer target) {
        this.cluster = cluster;
        this.slot = Integer.toString(slot);
        this.source = source;
        this.target = target;
    }

    static SlotMigration begin(RedisCluster cluster, int slot, RedisServer source, RedisServer target) {
        SlotMigration migration = new SlotMigration(cluster, slot, source, target);
        migration.setSlot(target, "IMPORTING", ClusterNodes.idOf(source));
        migration.setSlot(source, "MIGRATING", ClusterNodes.idOf(target));
        return migration;
    }

    /** Returns the master that the slot leaves. */
    public RedisServer source() {
        return source;
    }

    /** Returns the master that the slot goes to. */
    public RedisServer target() {
        return target;
    }

    /** Moves one key, so that a script that needs it and one that has not moved meets {@code TRYAGAIN}. */
    public void moveKey(String key) {
        move(List.of(key));
    }

    /** Moves all keys; the source still owns the slot. */
    public void moveKeys() {
        for (List<String> keys = remaining(); !keys.isEmpty(); keys = remaining()) {
            move(keys);
        }
    }

    /** Moves what is left and gives the slot to the target, which all masters are told; again it does nothing. */
    public void end() {
        if (ended) {
            return;
        }
        moveKeys();
        String owner = ClusterNodes.idOf(target);
        // The target first: until it knows, it would send clients back to the source.
        Set<RedisServer> masters = new LinkedHashSet<>(List.of(target, source));
        masters.addAll(cluster.masters());
        masters.forEach(master -> setSlot(master, "NODE", owner));
        ended = true;
    }

    /** Does what {@link #end()} does. */
    @Override
    public void close() {
        end();
    }

    private void setSlot(RedisServer master, String what, String node) {
        master.command("CLUSTER", "SETSLOT", slot, what, node);
    }

    private List<String> remaining() {
        Object keys = source.command("CLUSTER", "GETKEYSINSLOT", slot, KEYS_AT_ONCE);
        return ((List<?>) Objects.requireNonNull(keys))
                .stream().map(String::valueOf).toList();
    }

    private void move(List<String> keys) {
        List<String> command = new ArrayList<>(
                List.of("MIGRATE", target.host(), Integer.toString(target.port()), "", "0", MILLIS_TO_MOVE, "KEYS"));
        command.addAll(keys);
        source.command(command.toArray(new String[0]));
    }
}
