package dev.millpond.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millpond.runtime.RedisConnection;
import dev.millpond.testkit.RedisCluster;
import dev.millpond.testkit.RedisSentinels;
import dev.millpond.testkit.RedisTopology;
import dev.millpond.testkit.SlotMigration;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Nodes that count each other while their key moves in a Redis Cluster, and while its master dies. */
@Tag("one-jdk") // it waits for nodes to be forgotten
class LiveNodesFailoverIT {

    private static final Duration LONG_ENOUGH = Duration.ofSeconds(20);
    private static final String KEY = "shop:rl-nodes";

    @RegisterExtension
    static final RedisCluster CLUSTER = RedisCluster.create();

    @RegisterExtension
    static final RedisSentinels SENTINELS = RedisSentinels.create();

    @Test
    void nodes_slotMoves_areCountedOn() {
        try (RedisConnection connection = RedisConnection.ofYaml(CLUSTER.redissonYaml());
                RateLimiter one = limiter(connection);
                RateLimiter two = limiter(connection)) {
            awaitNodes(2, one, two);
            try (SlotMigration migration = CLUSTER.beginSlotMigration(KEY)) {
                countAThird(connection, one, two);
                migration.moveKeys();
                countAThird(connection, one, two);
            }
            countAThird(connection, one, two);
        }
    }

    static Stream<RedisTopology> topologies() {
        return Stream.of(CLUSTER, SENTINELS);
    }

    @ParameterizedTest
    @MethodSource("topologies")
    void nodes_masterDies_areCountedOn(RedisTopology topology) {
        try (RedisConnection connection = RedisConnection.ofYaml(topology.redissonYaml());
                RateLimiter one = limiter(connection);
                RateLimiter two = limiter(connection)) {
            countAThird(connection, one, two);
            topology.killMasterOf(KEY);
            assertThat(List.of(one.nodes(), two.nodes())).containsOnly(2);
            countAThird(connection, one, two);
        }
    }

    private static void countAThird(RedisConnection connection, RateLimiter one, RateLimiter two) {
        try (RateLimiter three = limiter(connection)) {
            awaitNodes(3, one, two, three);
        }
        awaitNodes(2, one, two);
    }

    private static RateLimiter limiter(RedisConnection connection) {
        return RateLimiter.builder()
                .redis(connection)
                .namespace("shop")
                .secret("a-long-random-secret")
                .build();
    }

    private static void awaitNodes(int nodes, RateLimiter... limiters) {
        await().atMost(LONG_ENOUGH)
                .untilAsserted(() ->
                        assertThat(limiters).extracting(RateLimiter::nodes).containsOnly(nodes));
    }
}
