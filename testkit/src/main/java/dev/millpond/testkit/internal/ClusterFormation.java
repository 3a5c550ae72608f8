package dev.millpond.testkit.internal;

import dev.millpond.testkit.RedisServer;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Makes empty servers one cluster. */
final class ClusterFormation {

    static final int SLOTS = 16_384;

    private final ClusterNodes cluster;
    private final List<RedisServer> masters;
    private final List<RedisServer> replicas;

    ClusterFormation(ClusterNodes cluster) {
        this.cluster = cluster;
        this.masters = cluster.nodes().subList(0, ClusterNodes.MASTERS);
        this.replicas =
                cluster.nodes().subList(ClusterNodes.MASTERS, cluster.nodes().size());
    }

    void form() {
        shareOutSlots();
        introduceAll();
        cluster.await(this::strangers);
        for (int i = 0; i < replicas.size(); i++) {
            replicas.get(i).command("CLUSTER", "REPLICATE", ClusterNodes.idOf(masters.get(i % masters.size())));
        }
        cluster.awaitHealthy();
    }

    private void shareOutSlots() {
        int share = SLOTS / masters.size() + 1;
        for (int i = 0; i < masters.size(); i++) {
            masters.get(i).command("CLUSTER", "SET-CONFIG-EPOCH", Integer.toString(i + 1));
            IntStream slots = IntStream.range(i * share, Math.min(SLOTS, (i + 1) * share));
            masters.get(i)
                    .command(Stream.concat(Stream.of("CLUSTER", "ADDSLOTS"), slots.mapToObj(Integer::toString))
                            .toArray(String[]::new));
        }
    }

    /** Each to each: to spread by gossip takes longer. */
    private void introduceAll() {
        List<RedisServer> nodes = cluster.nodes();
        for (int i = 0; i < nodes.size(); i++) {
            for (RedisServer other : nodes.subList(i + 1, nodes.size())) {
                nodes.get(i).command("CLUSTER", "MEET", other.host(), Integer.toString(other.port()));
            }
        }
    }

    private String strangers() {
        return cluster.nodes().stream()
                .filter(node -> !ClusterView.of(node).settled(cluster.nodes().size()))
                .findFirst()
                .map(node -> node.url() + " does not know all nodes")
                .orElse("");
    }
}
