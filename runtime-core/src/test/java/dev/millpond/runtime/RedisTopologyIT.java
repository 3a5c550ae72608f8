package dev.millpond.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millpond.testkit.FaultProxies;
import dev.millpond.testkit.RedisCluster;
import dev.millpond.testkit.RedisSentinels;
import dev.millpond.testkit.RedisTopology;
import java.time.Duration;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.redisson.client.codec.StringCodec;

/** Connections to several servers that replace each other, each connection through a network of its own. */
final class RedisTopologyIT {

    @RegisterExtension
    static final RedisCluster cluster = RedisCluster.create();

    @RegisterExtension
    static final RedisSentinels sentinels = RedisSentinels.create();

    private static final Duration BUDGET = Duration.ofSeconds(2);
    private static final Duration LONG = Duration.ofSeconds(20);

    static Stream<Arguments> topologies() {
        return Stream.of(Arguments.of(Named.of("cluster", cluster)), Arguments.of(Named.of("sentinel", sentinels)));
    }

    @ParameterizedTest
    @MethodSource("topologies")
    void ofYaml_networkOfOneConnectionRefuses_onlyThatOneIsAwayUntilItIsRestored(RedisTopology redis) {
        try (FaultProxies network = redis.proxies();
                RedisConnection connection = RedisConnection.ofYaml(redis.redissonYaml(network));
                RedisConnection other = RedisConnection.ofYaml(redis.redissonYaml())) {
            assertThat(connection.awaitAvailable(LONG)).isTrue();
            assertThat(other.awaitAvailable(LONG)).isTrue();
            await().atMost(LONG).ignoreExceptions().until(() -> {
                setThirtyKeys(connection);
                return true;
            });

            network.refuse();

            await().atMost(LONG).until(() -> !connection.available());
            await().atMost(LONG)
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(thirtyKeys(other)).containsOnly("value"));
            assertThat(connection.available()).isFalse();
            network.restore();
            assertThat(connection.awaitAvailable(LONG)).isTrue();
            await().atMost(LONG)
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(thirtyKeys(connection)).containsOnly("value"));
        }
    }

    @ParameterizedTest
    @MethodSource("topologies")
    void ofYaml_orderlyFailover_callsAreAnsweredAgainWithinSeconds(RedisTopology redis) {
        try (RedisConnection connection = RedisConnection.ofYaml(redis.redissonYaml())) {
            assertThat(connection.awaitAvailable(LONG)).isTrue();

            redis.failover("key-0");

            await().atMost(Duration.ofSeconds(10)).ignoreExceptions().until(() -> {
                setThirtyKeys(connection);
                return true;
            });
            assertThat(redis.masterOf("key-0").command("GET", "key-0")).isEqualTo("value");
        }
    }

    private static void setThirtyKeys(RedisConnection connection) {
        for (int i = 0; i < 30; i++) {
            String key = "key-" + i;
            connection
                    .guard()
                    .call(
                            BUDGET,
                            client ->
                                    client.getBucket(key, StringCodec.INSTANCE).setAsync("value"));
        }
    }

    private static Stream<String> thirtyKeys(RedisConnection connection) {
        return IntStream.range(0, 30)
                .mapToObj(i -> connection
                        .guard()
                        .call(
                                BUDGET,
                                client -> client.<String>getBucket("key-" + i, StringCodec.INSTANCE)
                                        .getAsync()));
    }
}
