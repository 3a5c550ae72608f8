package dev.millpond.cache.oracle;

import dev.millpond.runtime.RedisConnection;
import dev.millpond.testkit.FaultProxies;
import dev.millpond.testkit.RedisCluster;
import dev.millpond.testkit.RedisSentinels;
import dev.millpond.testkit.RedisTopology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Servers that replace each other, and for each node a proxy in front of every one of them. */
final class TopologyFleet implements Fleet {

    private static final String LOG = "{mp:" + Node.NAMESPACE + "}:t";

    private final RedisTopology servers;
    private final Duration splitBrain;
    private final List<Fault> more;
    private final List<FaultProxies> networks;

    private TopologyFleet(RedisTopology servers, Duration splitBrain, List<Fault> more) {
        this.servers = servers;
        this.splitBrain = splitBrain;
        this.more = more;
        this.networks = Stream.generate(servers::proxies).limit(NODES).toList();
    }

    /** A master that was voted out stops after the node timeout. */
    static Fleet of(RedisCluster cluster) {
        Fault moved = Fault.ofMoment("slot moved", node -> cluster.moveSlot(LOG));
        return new TopologyFleet(cluster, Duration.ofSeconds(2), List.of(moved));
    }

    /** A master that was voted out stops when no replica has listened to it for {@code min-replicas-max-lag}. */
    static Fleet of(RedisSentinels sentinels) {
        return new TopologyFleet(sentinels, Duration.ofSeconds(3), List.of());
    }

    @Override
    public RedisConnection connect(int node) {
        return RedisConnection.ofYaml(servers.redissonYaml(networks.get(node)));
    }

    @Override
    public List<Fault> faults() {
        List<Fault> faults = new ArrayList<>(more);
        faults.addAll(ProxyFaults.of(networks::get));
        faults.addAll(DataFaults.of(
                () -> servers.masters().stream()
                        .map(master -> (DataFaults.Server) master::command)
                        .toList(),
                Node.NAMESPACE));
        faults.add(Fault.ofMoment("failover", node -> servers.failover(LOG)));
        faults.add(Fault.ofServers("master killed", () -> servers.masterOf(LOG).stop(), servers::heal));
        faults.add(Fault.ofServers("master paused", () -> servers.masterOf(LOG).pause(), servers::heal));
        return faults;
    }

    @Override
    public void unlink(String key) {
        servers.masterOf(key).command("UNLINK", key);
    }

    @Override
    public Duration splitBrain() {
        return splitBrain;
    }

    @Override
    public void repair() {
        networks.forEach(FaultProxies::restore);
        servers.heal();
    }

    @Override
    public void close() {
        repair();
        networks.forEach(FaultProxies::close);
    }

    @Override
    public String toString() {
        return servers.getClass().getSimpleName();
    }
}
