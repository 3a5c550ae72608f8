package dev.millpond.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("one-jdk")
final class RedisSentinelsIT {

    @RegisterExtension
    static final RedisSentinels redis = RedisSentinels.create();

    @AfterEach
    void heal() {
        redis.heal();
        redis.flush();
    }

    @Test
    void nodes_always_areThreeWatchedByThreeSentinels() {
        RedisServer master = redis.masterOf("key");

        assertThat(redis.nodes()).hasSize(3).contains(master);
        assertThat(redis.masters()).containsExactly(master);
        assertThat(redis.sentinels())
                .hasSize(3)
                .allSatisfy(sentinel -> assertThat(
                                sentinel.command("SENTINEL", "GET-MASTER-ADDR-BY-NAME", redis.masterName()))
                        .isEqualTo(List.of("127.0.0.1", "" + master.port())));
    }

    @Test
    void failover_key_isKeptByANewMaster() {
        RedisServer before = redis.masterOf("key");
        before.command("SET", "key", "value");
        // WAIT counts what its own connection has written, and each command has one.
        await().until(() -> redis.nodes().stream().allMatch(node -> "value".equals(node.command("GET", "key"))));

        redis.failover("key");

        assertThat(redis.masterOf("key")).isNotEqualTo(before);
        assertThat(redis.masterOf("key").command("GET", "key")).isEqualTo("value");
    }

    @Test
    void killMasterOf_key_isTakenOverAndTheKilledOneComesBackAsAReplica() {
        RedisServer killed = redis.killMasterOf("key");

        assertThat(redis.masterOf("key")).isNotEqualTo(killed);
        killed.start();
        redis.awaitHealthy();
        assertThat(redis.masters()).hasSize(1).doesNotContain(killed);
    }

    @Test
    void pause_bothReplicas_masterRefusesWrites() {
        RedisServer master = redis.masterOf("key");
        redis.nodes().stream().filter(node -> !node.equals(master)).forEach(RedisServer::pause);

        await().untilAsserted(() -> assertThatIllegalStateException()
                .isThrownBy(() -> master.command("SET", "key", "value"))
                .withMessageStartingWith("Redis answered 'NOREPLICAS "));
    }

    @Test
    void redissonYaml_withProxies_namesThoseOfTheSentinelsAndMapsAll() {
        RedisServer sentinel = redis.sentinels().get(0);
        try (FaultProxies proxies = redis.proxies()) {
            assertThat(redis.redissonYaml())
                    .startsWith("sentinelServersConfig:\n  masterName: \"millpond\"\n  sentinelAddresses: [\""
                            + sentinel.url() + "\", ");
            assertThat(redis.redissonYaml(proxies))
                    .contains("  sentinelAddresses: [\"" + proxies.of(sentinel).url() + "\", ")
                    .contains("{hostsPortMap: {\"127.0.0.1:"
                            + redis.nodes().get(0).port() + "\": \"127.0.0.1:");
            assertThat(proxies.addresses()).hasSize(6);
        }
    }
}
