package dev.millpond.testkit.internal;

import dev.millpond.testkit.RedisServer;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A master and two replicas, watched by three sentinels. */
public final class SentinelNodes extends ServerGroup {

    private static final String NAME = "Redis with Sentinel";
    private static final SharedGroup<SentinelNodes> SHARED = new SharedGroup<>(NAME, SentinelNodes::start);

    private final Sentinels sentinels;

    SentinelNodes(List<OwnRedis> nodes, Sentinels sentinels) {
        super(NAME, nodes);
        this.sentinels = sentinels;
    }

    /** Returns the one group that the tests of this JVM share. */
    public static SharedGroup<SentinelNodes> shared() {
        return SHARED;
    }

    static SentinelNodes start(ServerProcesses processes) {
        return new SentinelFormation(processes).form();
    }

    /** Returns the name under which the sentinels know the servers. */
    public static String masterName() {
        return Sentinels.MASTER_NAME;
    }

    /** Returns the sentinels. */
    public List<RedisServer> sentinels() {
        return sentinels.processes().collect(Collectors.toUnmodifiableList());
    }

    @Override
    public List<RedisServer> endpoints() {
        return Stream.concat(nodes().stream(), sentinels().stream()).toList();
    }

    @Override
    public List<RedisServer> masters() {
        return List.of(masterOf("any"));
    }

    @Override
    public void failover(String key) {
        RedisServer before = masterOf(key);
        await(() -> {
            sentinels.failover();
            return "";
        });
        await(() -> findMaster(key).filter(now -> !now.equals(before)).isPresent()
                ? ""
                : before.url() + " is still the master");
    }

    @Override
    Stream<OwnRedis> processes() {
        return Stream.concat(super.processes(), sentinels.processes());
    }

    @Override
    Optional<RedisServer> findMaster(String key) {
        int port = sentinels.masterPort().orElse(0);
        return running()
                .filter(node -> node.port() == port && Replication.isMaster(node))
                .findFirst()
                .map(node -> node);
    }

    /**
     * Does at once what Sentinel does with a master that was replaced after 8 s.
     *
     * <p>Not before a failover under way has ended: a replica promoted by it that is made a replica again leaves the
     * sentinels with a master that is none, until they replace it half a minute later.
     */
    @Override
    void tidy() {
        await(this::doubtAboutMaster);
        RedisServer master = masterOf("any");
        await(() -> {
            follow(master);
            return "";
        });
    }

    /** Tells all others whom to follow. */
    void follow(RedisServer master) {
        running()
                .filter(node -> !node.equals(master))
                .forEach(node -> node.command("REPLICAOF", master.host(), Integer.toString(master.port())));
    }

    @Override
    String trouble() {
        return Stream.<Supplier<String>>of(
                        this::doubtAboutMaster, this::replicationTrouble, () -> sentinels.trouble(nodes().size() - 1))
                .map(Supplier::get)
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElse("");
    }

    private String doubtAboutMaster() {
        String doubt = sentinels.doubtAboutMaster();
        return doubt.isEmpty() && findMaster("any").isEmpty()
                ? "the sentinels do not all name the server that is the master"
                : doubt;
    }

    @Override
    String views() {
        return Stream.concat(sentinels.views(), running().map(node -> node.url() + " is " + Replication.roleOf(node)))
                .collect(Collectors.joining("; ", " ", "."));
    }

    String replicationTrouble() {
        for (RedisServer node : nodes()) {
            boolean master = Replication.isMaster(node);
            if (master && !Replication.hasReplicas(node, nodes().size() - 1)) {
                return node.url() + " is a master without all its replicas";
            }
            if (!master && !Replication.isUpToDate(node)) {
                return node.url() + " has not got its master's data";
            }
        }
        return "";
    }
}
