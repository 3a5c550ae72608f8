package dev.millpond.testkit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.testkit.RedisServer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("one-jdk")
final class SentinelNodesIT {

    private final SentinelNodes group = SentinelNodes.shared().healed();
    private final RedisServer master = group.masterOf("key");

    @AfterEach
    void heal() {
        SentinelNodes.shared().healed();
    }

    @Test
    void trouble_sentinelsNameAReplica_isNotOverlooked() {
        RedisServer other = group.nodes().stream()
                .filter(node -> !node.equals(master))
                .findFirst()
                .orElseThrow();
        makeMaster(other);
        try {
            group.await(group::replicationTrouble);

            assertThat(group.trouble()).isEqualTo("the sentinels do not all name the server that is the master");
            assertThat(group.views())
                    .contains(" names " + master.port() + " (master, epoch ")
                    .contains(other.url() + " is role:master")
                    .contains("role:slave master_port:" + other.port() + " master_link_status:up");
        } finally {
            makeMaster(master);
        }
    }

    @Test
    void tidy_replicaIsBeingPromoted_staysPromoted() {
        RedisServer sentinel = group.sentinels().get(0);
        group.await(() -> {
            sentinel.command("SENTINEL", "FAILOVER", SentinelNodes.masterName());
            return "";
        });
        group.await(() -> isPromoting(sentinel) ? "" : "no replica is being promoted");

        group.tidy();

        group.awaitHealthy();
        assertThat(group.masterOf("key")).isNotEqualTo(master);
    }

    private static boolean isPromoting(RedisServer sentinel) {
        List<?> fields = (List<?>) sentinel.command("SENTINEL", "MASTER", SentinelNodes.masterName());
        return fields != null && fields.contains("wait_promotion");
    }

    private void makeMaster(RedisServer node) {
        node.command("REPLICAOF", "NO", "ONE");
        group.follow(node);
    }
}
