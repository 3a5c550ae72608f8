package dev.millpond.testkit.internal;

import dev.millpond.testkit.RedisServer;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Three masters and three replicas of one Redis Cluster. */
public final class ClusterNodes extends ServerGroup {

    static final int MASTERS = 3;
    private static final int NODES = 6;
    private static final List<String> OPTIONS = List.of(
            "--cluster-enabled",
            "yes",
            "--cluster-node-timeout",
            "2000",
            "--cluster-replica-validity-factor",
            "0",
            "--repl-diskless-sync-delay",
            "0");

    private static final String NAME = "Redis Cluster";
    private static final SharedGroup<ClusterNodes> SHARED = new SharedGroup<>(NAME, ClusterNodes::start);

    private ClusterNodes(List<OwnRedis> nodes) {
        super(NAME, nodes);
    }

    /** Returns the one cluster that the tests of this JVM share. */
    public static SharedGroup<ClusterNodes> shared() {
        return SHARED;
    }

    static ClusterNodes start(ServerProcesses processes) {
        ClusterNodes cluster =
                new ClusterNodes(Stream.generate(() -> processes.launch(Loopback.freeClusterPort(), () -> OPTIONS))
                        .limit(NODES)
                        .toList());
        new ClusterFormation(cluster).form();
        return cluster;
    }

    /** Returns the name of a node in its cluster. */
    public static String idOf(RedisServer node) {
        return String.valueOf(node.command("CLUSTER", "MYID"));
    }

    /** Returns the slot of a key. */
    public int slotOf(String key) {
        Object slot = running().findFirst().orElseThrow(this::nobodyRuns).command("CLUSTER", "KEYSLOT", key);
        return ((Long) Objects.requireNonNull(slot)).intValue();
    }

    @Override
    public List<RedisServer> masters() {
        return running()
                .filter(node -> ClusterView.of(node).myself().isMaster())
                .collect(Collectors.toUnmodifiableList());
    }

    @Override
    public void failover(String key) {
        RedisServer replica = replicaOf(masterOf(key));
        replica.command("CLUSTER", "FAILOVER");
        await(() -> findMaster(key).filter(replica::equals).isPresent() ? "" : replica.url() + " is not promoted");
        awaitHealthy();
    }

    /** Of two that both claim the slot, the later claim wins. */
    @Override
    Optional<RedisServer> findMaster(String key) {
        int slot = slotOf(key);
        return running()
                .filter(ClusterNodes::serves)
                .filter(node -> ClusterView.of(node).myself().slots().get(slot))
                .max(Comparator.comparingLong(
                        node -> ClusterView.of(node).myself().epoch()))
                .map(node -> node);
    }

    @Override
    void tidy() {
        running()
                .forEach(node -> ClusterView.of(node).myself().moving().stream()
                        .forEach(slot -> node.command("CLUSTER", "SETSLOT", Integer.toString(slot), "STABLE")));
    }

    @Override
    String trouble() {
        ClusterView first = ClusterView.of(nodes().get(0));
        return nodes().stream()
                .flatMap(node -> troubleOf(node, first).stream())
                .findFirst()
                .orElse("");
    }

    private Optional<String> troubleOf(RedisServer node, ClusterView first) {
        ClusterView view = ClusterView.of(node);
        if (!view.settled(NODES) || !view.layout().equals(first.layout())) {
            return Optional.of(node.url() + " has doubts about other nodes");
        }
        if (!serves(node)) {
            return Optional.of(node.url() + " says that the cluster is down");
        }
        return view.myself().isMaster() || Replication.isUpToDate(node)
                ? Optional.empty()
                : Optional.of(node.url() + " has not got its master's data");
    }

    private RedisServer replicaOf(RedisServer master) {
        String id = idOf(master);
        return running()
                .filter(node -> ClusterView.of(node).myself().masterId().equals(id))
                .filter(Replication::isUpToDate)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        master.url() + " has no replica that could take over. Call heal() first."));
    }

    private static boolean serves(RedisServer node) {
        return String.valueOf(node.command("CLUSTER", "INFO")).contains("cluster_state:ok");
    }

    private IllegalStateException nobodyRuns() {
        return new IllegalStateException("No node of the Redis Cluster runs. Call heal() first.");
    }
}
