package dev.millpond.cache.oracle;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Faults of what Redis stores: each master loses some or all of it. */
final class DataFaults {

    private final Supplier<List<Server>> masters;

    private DataFaults(Supplier<List<Server>> masters) {
        this.masters = masters;
    }

    /** Returns the faults of a namespace on the servers that are masters at the time. */
    static List<Fault> of(Supplier<List<Server>> masters, String namespace) {
        DataFaults faults = new DataFaults(masters);
        String log = "{mp:" + namespace + "}:";
        return List.of(
                Fault.ofMoment("connections killed", node -> faults.killConnections()),
                Fault.ofMoment("everything flushed", node -> faults.everywhere("FLUSHALL")),
                Fault.ofMoment("log's hash deleted", node -> faults.delete(log + "t")),
                Fault.ofMoment("log's stream deleted", node -> faults.delete(log + "log")),
                Fault.ofMoment("entries deleted", node -> faults.delete(namespace + ":*")),
                Fault.ofMoment("scripts flushed", node -> faults.everywhere("SCRIPT", "FLUSH")));
    }

    private void killConnections() {
        everywhere("CLIENT", "KILL", "TYPE", "pubsub");
        everywhere("CLIENT", "KILL", "TYPE", "normal");
    }

    private void everywhere(String... words) {
        masters.get().forEach(server -> server.command(words));
    }

    /** One by one, because keys of one server of a cluster are in different slots. */
    private void delete(String pattern) {
        for (Server server : masters.get()) {
            if (server.command("KEYS", pattern) instanceof List<?> keys) {
                keys.forEach(key -> server.command("DEL", String.valueOf(key)));
            }
        }
    }

    /** Takes a command and answers it. */
    @FunctionalInterface
    interface Server {

        @Nullable
        Object command(String... words);
    }
}
