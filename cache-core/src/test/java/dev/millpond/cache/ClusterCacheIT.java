package dev.millpond.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.runtime.RedisConnection;
import dev.millpond.testkit.RedisCluster;
import dev.millpond.testkit.RedisServer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two nodes over a Redis Cluster, with keys in many slots. */
class ClusterCacheIT extends RedisCacheIT {

    @RegisterExtension
    static final RedisCluster topology = RedisCluster.create();

    @Override
    protected RedisConnection connect() {
        return RedisConnection.ofYaml(topology.redissonYaml());
    }

    @Override
    protected List<RedisServer> masters() {
        return topology.masters();
    }

    @Override
    protected RedisServer masterOf(String key) {
        return topology.masterOf(key);
    }

    @AfterEach
    void noCommandWentAcrossSlots() {
        assertThat(topology.nodes())
                .allSatisfy(node -> assertThat(node.command("INFO", "errorstats"))
                        .asString()
                        .doesNotContain("CROSSSLOT"));
    }
}
