package dev.millpond.testkit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.testkit.RedisServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("one-jdk")
final class SentinelNodesIT {

    private final SentinelNodes group = SentinelNodes.shared().get();

    @AfterEach
    void heal() {
        SentinelNodes.shared().heal();
    }

    @Test
    void trouble_sentinelsNameAReplica_isNotOverlooked() {
        RedisServer named = group.masterOf("key");
        RedisServer other = group.nodes().stream()
                .filter(node -> !node.equals(named))
                .findFirst()
                .orElseThrow();
        other.command("REPLICAOF", "NO", "ONE");
        follow(other);
        group.await(group::replicationTrouble);

        assertThat(group.trouble()).isEqualTo("the sentinels do not all name the server that is the master");

        named.command("REPLICAOF", "NO", "ONE");
        follow(named);
    }

    private void follow(RedisServer master) {
        group.nodes().stream()
                .filter(node -> !node.equals(master))
                .forEach(node -> node.command("REPLICAOF", master.host(), Integer.toString(master.port())));
    }
}
