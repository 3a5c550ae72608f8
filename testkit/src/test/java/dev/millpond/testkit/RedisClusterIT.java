package dev.millpond.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.UncheckedIOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("one-jdk")
final class RedisClusterIT {

    @RegisterExtension
    static final RedisCluster cluster = RedisCluster.create();

    @AfterEach
    void heal() {
        cluster.heal();
        cluster.flush();
    }

    @Test
    void nodes_always_areSixOfWhichThreeAreMasters() {
        assertThat(cluster.nodes()).hasSize(6);
        assertThat(cluster.masters()).hasSize(3);
        assertThat(cluster.slotOf("key")).isEqualTo(12_539);
    }

    @Test
    void masterOf_key_takesItAndTheOthersSendOn() {
        cluster.masterOf("key").command("SET", "key", "value");

        assertThat(cluster.masterOf("key").command("GET", "key")).isEqualTo("value");
        assertThat(cluster.masters())
                .filteredOn(master -> !master.equals(cluster.masterOf("key")))
                .hasSize(2)
                .allSatisfy(master -> assertThatIllegalStateException()
                        .isThrownBy(() -> master.command("GET", "key"))
                        .withMessage("Redis answered 'MOVED 12539 127.0.0.1:"
                                + cluster.masterOf("key").port() + "' to the command GET."));
    }

    @Test
    void failover_key_isKeptByANewMaster() {
        RedisServer before = cluster.masterOf("key");
        before.command("SET", "key", "value");

        cluster.failover("key");

        assertThat(cluster.masterOf("key")).isNotEqualTo(before);
        assertThat(cluster.masterOf("key").command("GET", "key")).isEqualTo("value");
    }

    @Test
    void killMasterOf_key_isTakenOverAndTheKilledOneComesBackAsAReplica() {
        RedisServer killed = cluster.killMasterOf("key");

        assertThat(cluster.masterOf("key")).isNotEqualTo(killed);
        assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> killed.command("PING"));
        killed.start();
        cluster.awaitHealthy();
        assertThat(cluster.masters()).hasSize(3).doesNotContain(killed);
    }

    @Test
    void moveSlot_withKeys_givesThemToAnotherMaster() {
        RedisServer before = cluster.masterOf("key");
        before.command("SET", "key", "value");

        cluster.moveSlot("key");

        assertThat(cluster.masterOf("key")).isNotEqualTo(before);
        assertThat(cluster.masterOf("key").command("GET", "key")).isEqualTo("value");
        assertThatIllegalStateException()
                .isThrownBy(() -> before.command("GET", "key"))
                .withMessageStartingWith("Redis answered 'MOVED 12539 ");
    }

    @Test
    void beginSlotMigration_keyHasMoved_sourceAsksForTheTarget() {
        cluster.masterOf("{key}1").command("SET", "{key}1", "value");
        cluster.masterOf("{key}2").command("SET", "{key}2", "value");

        try (SlotMigration migration = cluster.beginSlotMigration("key")) {
            migration.moveKey("{key}1");

            assertThat(migration.source().command("GET", "{key}2")).isEqualTo("value");
            assertThatIllegalStateException()
                    .isThrownBy(() -> migration.source().command("GET", "{key}1"))
                    .withMessage("Redis answered 'ASK 12539 127.0.0.1:"
                            + migration.target().port() + "' to the command GET.");
            assertThatIllegalStateException()
                    .isThrownBy(() -> migration.source().command("MGET", "{key}1", "{key}2"))
                    .withMessageStartingWith("Redis answered 'TRYAGAIN ");
        }
        assertThat(cluster.masterOf("{key}1").command("MGET", "{key}1", "{key}2"))
                .isEqualTo(List.of("value", "value"));
    }

    @Test
    void heal_brokenCluster_isHealthy() {
        SlotMigration unfinished = cluster.beginSlotMigration("key");
        assertThat(unfinished.source()).isNotEqualTo(unfinished.target());
        cluster.nodes().get(0).stop();
        cluster.nodes().get(4).pause();

        cluster.heal();

        assertThat(cluster.masters()).hasSize(3);
        assertThat(cluster.nodes())
                .allSatisfy(node -> assertThat(node.command("CLUSTER", "INFO"))
                        .asString()
                        .contains("cluster_state:ok", "cluster_known_nodes:6"));
    }

    @Test
    void flush_keysEverywhere_areGone() {
        for (String key : List.of("a", "b", "c", "d", "e")) {
            cluster.masterOf(key).command("SET", key, "value");
        }

        cluster.flush();

        assertThat(cluster.masters())
                .allSatisfy(master -> assertThat(master.command("DBSIZE")).isEqualTo(0L));
    }

    @Test
    void flushScripts_loadedScript_isForgottenByAll() {
        Object digest = cluster.masterOf("key").command("SCRIPT", "LOAD", "return 1");

        cluster.flushScripts();

        assertThat(cluster.nodes())
                .allSatisfy(node -> assertThat(node.command("SCRIPT", "EXISTS", "" + digest))
                        .isEqualTo(List.of(0L)));
    }

    @Test
    void redissonYaml_withProxies_namesThemAndMapsTheNodes() {
        RedisServer first = cluster.nodes().get(0);
        try (FaultProxies proxies = cluster.proxies()) {
            assertThat(cluster.redissonYaml())
                    .startsWith("clusterServersConfig:\n  nodeAddresses: [\"" + first.url() + "\", ")
                    .doesNotContain("natMapper");
            assertThat(cluster.redissonYaml(proxies))
                    .startsWith("clusterServersConfig:\n  nodeAddresses: [\""
                            + proxies.of(first).url() + "\", ")
                    .contains("\n  natMapper: !<org.redisson.config.HostPortNatMapper> {hostsPortMap: {\"127.0.0.1:"
                            + first.port() + "\": \"127.0.0.1:"
                            + proxies.of(first).port() + "\", ");
        }
    }
}
