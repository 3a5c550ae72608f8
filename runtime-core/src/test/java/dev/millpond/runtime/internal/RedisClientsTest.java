package dev.millpond.runtime.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.millpond.runtime.RedisUrl;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.redisson.client.codec.ByteArrayCodec;
import org.redisson.client.codec.StringCodec;
import org.redisson.config.BaseMasterSlaveServersConfig;
import org.redisson.config.Config;
import org.redisson.config.ConfigSupport;
import org.redisson.config.FullJitterDelay;
import org.redisson.config.ReadMode;
import org.redisson.config.SingleServerConfig;
import org.redisson.config.SubscriptionMode;

final class RedisClientsTest {

    private static final String FIX = " Give the content of a Redisson configuration file, for example"
            + " 'clusterServersConfig: {nodeAddresses: [\"redis://host:port\"]}'.";

    @Test
    void config_url_boundsEveryWait() {
        Config config = RedisClients.config(RedisUrl.parse("redis://cache.example:6379"));

        SingleServerConfig server = config.useSingleServer();
        assertThat(config.isLazyInitialization()).isTrue();
        assertThat(config.getCodec()).isSameAs(ByteArrayCodec.INSTANCE);
        assertThat(config.getThreads()).isEqualTo(2);
        assertThat(config.getNettyThreads()).isEqualTo(1);
        assertThat(config.isReferenceEnabled()).isFalse();
        assertThat(server.getTimeout()).isEqualTo(250);
        assertThat(server.getRetryAttempts()).isZero();
        assertThat(server.getConnectTimeout()).isEqualTo(1_000);
        assertThat(server.getSubscriptionTimeout()).isEqualTo(1_000);
        assertThat(server.getPingConnectionInterval()).isEqualTo(1_000);
        assertThat(server.getConnectionPoolSize()).isEqualTo(16);
        assertThat(server.getConnectionMinimumIdleSize()).isEqualTo(4);
        assertThat(server.getSubscriptionConnectionPoolSize()).isEqualTo(4);
        assertThat(server.getReconnectionDelay()).isInstanceOf(FullJitterDelay.class);
        assertThat(server.getReconnectionDelay().calcDelay(100)).isBetween(Duration.ZERO, Duration.ofMillis(500));
    }

    @Test
    void config_urlWithEverything_keepsThePasswordOutOfTheAddress() {
        Config config = RedisClients.config(RedisUrl.parse("rediss://pond:p%40ss@cache.example:6380/2"));

        assertThat(config.useSingleServer().getAddress()).isEqualTo("rediss://cache.example:6380");
        assertThat(config.useSingleServer().getDatabase()).isEqualTo(2);
        assertThat(config.getUsername()).isEqualTo("pond");
        assertThat(config.getPassword()).isEqualTo("p@ss");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "clusterServersConfig: {nodeAddresses: [\"redis://a:6379\"]}",
                "sentinelServersConfig: {masterName: pond, sentinelAddresses: [\"redis://a:26379\"]}",
                "replicatedServersConfig: {nodeAddresses: [\"redis://a:6379\"]}",
                "masterSlaveServersConfig: {masterAddress: \"redis://a:6379\", slaveAddresses: [\"redis://b:6379\"]}"
            })
    void config_yamlOfSeveralServers_boundsEveryWaitAndReadsFromMasters(String yaml) {
        BaseMasterSlaveServersConfig<?> servers =
                (BaseMasterSlaveServersConfig<?>) ConfigSupport.getConfig(RedisClients.config(yaml));

        assertThat(servers.getTimeout()).isEqualTo(250);
        assertThat(servers.getRetryAttempts()).isZero();
        assertThat(servers.getMasterConnectionPoolSize()).isEqualTo(16);
        assertThat(servers.getMasterConnectionMinimumIdleSize()).isEqualTo(4);
        assertThat(servers.getSubscriptionConnectionPoolSize()).isEqualTo(4);
        assertThat(servers.getReadMode()).isEqualTo(ReadMode.MASTER);
        assertThat(servers.getSubscriptionMode()).isEqualTo(SubscriptionMode.MASTER);
    }

    @Test
    void config_yamlOfACluster_looksForANewMasterEverySecond() {
        String cluster = "clusterServersConfig: {nodeAddresses: [\"redis://a:6379\"]";

        assertThat(scanInterval(cluster + "}")).isEqualTo(1_000);
        assertThat(scanInterval(cluster + ", scanInterval: 2000}")).isEqualTo(2_000);
    }

    private static int scanInterval(String yaml) {
        return RedisClients.config(yaml).useClusterServers().getScanInterval();
    }

    @Test
    void config_yamlWithValuesOfTheUser_keepsThem() {
        Config config = RedisClients.config("""
                threads: 8
                nettyThreads: 3
                codec: !<org.redisson.client.codec.StringCodec> {}
                lazyInitialization: false
                referenceEnabled: true
                singleServerConfig:
                  address: "redis://a:6379"
                  timeout: 100
                  retryAttempts: 1
                  connectionPoolSize: 32
                """);

        SingleServerConfig server = config.useSingleServer();
        assertThat(config.getThreads()).isEqualTo(8);
        assertThat(config.getNettyThreads()).isEqualTo(3);
        assertThat(config.getCodec()).isInstanceOf(StringCodec.class);
        assertThat(config.isLazyInitialization()).isTrue();
        assertThat(config.isReferenceEnabled()).isFalse();
        assertThat(server.getTimeout()).isEqualTo(100);
        assertThat(server.getRetryAttempts()).isEqualTo(1);
        assertThat(server.getConnectionPoolSize()).isEqualTo(32);
        assertThat(server.getConnectionMinimumIdleSize()).isEqualTo(24);
        assertThat(server.getConnectTimeout()).isEqualTo(1_000);
    }

    @Test
    void config_brokenYaml_isRefusedWithItsPlaceAndWithoutItsContent() {
        String yaml = "singleServerConfig:\n  address: \"redis://a:6379\"\n  password: secret: more";

        assertThatIllegalArgumentException()
                .isThrownBy(() -> RedisClients.config(yaml))
                .withMessage("Redisson configuration is not valid at line 3, column 19." + FIX)
                .withNoCause();
    }

    @Test
    void config_yamlWithAWrongType_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RedisClients.config("singleServerConfig: {timeout: secret}"))
                .withMessageStartingWith("Redisson configuration is not valid")
                .withMessageNotContaining("secret")
                .withNoCause();
    }

    @Test
    void config_emptyYaml_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RedisClients.config(""))
                .withMessage("Redisson configuration is empty." + FIX);
    }

    @Test
    void config_yamlWithoutServers_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RedisClients.config("threads: 4"))
                .withMessage("Redisson configuration: server(s) address(es) not defined!." + FIX);
    }
}
