package dev.millpond.testkit.internal;

import dev.millpond.testkit.RedisServer;
import java.util.stream.Collectors;

/** What a server says about replication. */
final class Replication {

    private Replication() {}

    static boolean isMaster(RedisServer server) {
        return info(server).contains("role:master");
    }

    /** Tells whether a replica follows its master. */
    static boolean isUpToDate(RedisServer server) {
        return info(server).contains("master_link_status:up");
    }

    /** Tells whether so many replicas have listened lately, as a master with {@code min-replicas-to-write} counts. */
    static boolean hasReplicas(RedisServer master, int count) {
        return info(master).contains("min_slaves_good_slaves:" + count);
    }

    /** Returns its role and, of a replica, the port of its master and the state of the link. */
    static String roleOf(RedisServer server) {
        return info(server)
                .lines()
                .filter(line ->
                        line.startsWith("role:") || line.startsWith("master_port:") || line.startsWith("master_link_"))
                .collect(Collectors.joining(" "));
    }

    private static String info(RedisServer server) {
        return String.valueOf(server.command("INFO", "replication"));
    }
}
