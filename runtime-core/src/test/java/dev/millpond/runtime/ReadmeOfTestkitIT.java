package dev.millpond.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.millpond.testkit.FakeTicker;
import dev.millpond.testkit.FaultProxies;
import dev.millpond.testkit.FaultProxy;
import dev.millpond.testkit.RedisCluster;
import dev.millpond.testkit.RedisExtension;
import dev.millpond.testkit.RedisServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;
import org.redisson.config.HostPortNatMapper;

/** The examples of the testkit's README. */
@Tag("one-jdk")
final class ReadmeOfTestkitIT {

    private static final Path README = Path.of("..", "testkit", "README.md");
    private static final Path SOURCE = Path.of("src/test/java/dev/millpond/runtime/ReadmeOfTestkitIT.java");

    @RegisterExtension
    static final RedisExtension redis = RedisExtension.create();

    @Test
    void connection_networkSwallowsPackets_comesBackByItself() {
        try (FaultProxy network = FaultProxy.to(redis.server());
                RedisConnection connection = RedisConnection.to(network.url())) {
            assertThat(connection.awaitAvailable(Duration.ofSeconds(10))).isTrue();

            network.blackhole();
            await().until(() -> !connection.available());

            network.restore();
            assertThat(connection.awaitAvailable(Duration.ofSeconds(10))).isTrue();
        }
    }

    @RegisterExtension
    static final RedisCluster cluster = RedisCluster.create();

    @Test
    void connection_masterOfAClusterIsKilled_comesBackByItself() {
        try (FaultProxies network = cluster.proxies();
                RedisConnection connection = RedisConnection.ofYaml(cluster.redissonYaml(network))) {
            assertThat(connection.awaitAvailable(Duration.ofSeconds(10))).isTrue();

            RedisServer killed = cluster.killMasterOf("key");
            network.cut();

            assertThat(connection.awaitAvailable(Duration.ofSeconds(10))).isTrue();
            killed.start();
            cluster.awaitHealthy();
        }
    }

    private static Config configOf(FaultProxies network) {
        Config config = new Config();
        HostPortNatMapper toTheProxies = new HostPortNatMapper();
        toTheProxies.setHostsPortMap(network.addresses());
        config.useClusterServers()
                .addNodeAddress(network.of(cluster.nodes().get(0)).url())
                .setNatMapper(toTheProxies);
        return config;
    }

    @Test
    void config_withNatMapper_connectsToEveryMasterThroughItsProxy() {
        try (FaultProxies network = cluster.proxies()) {
            RedissonClient client = Redisson.create(configOf(network));
            try {
                assertThat(cluster.masters())
                        .hasSize(3)
                        .allSatisfy(master ->
                                assertThat(network.of(master).openConnections()).isPositive());
            } finally {
                client.shutdown();
            }
        }
    }

    @Test
    void entry_fiveMinutesPass_isGone() {
        FakeTicker clock = new FakeTicker();
        Cache<String, String> cache = Caffeine.newBuilder()
                .ticker(clock)
                .expireAfterWrite(Duration.ofMinutes(5))
                .build();
        cache.put("key", "value");

        clock.advance(Duration.ofMinutes(5));

        assertThat(cache.getIfPresent("key")).isNull();
    }

    @Test
    void readme_everyJavaExample_isCompiledHere() throws IOException {
        String source = Files.readString(SOURCE);

        assertThat(Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                        .matcher(Files.readString(README))
                        .results())
                .hasSize(4)
                .allSatisfy(
                        example -> assertThat(source).contains(example.group(1).stripTrailing()));
    }
}
