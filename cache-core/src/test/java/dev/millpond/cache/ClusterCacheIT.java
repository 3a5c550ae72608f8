package dev.millpond.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.testkit.RedisCluster;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two nodes over a Redis Cluster, with keys in many slots. */
class ClusterCacheIT extends RedisCacheContract {

    @RegisterExtension
    static final RedisCluster topology = RedisCluster.create();

    ClusterCacheIT() {
        super(Servers.of(topology));
    }

    @AfterEach
    void noCommandWentAcrossSlots() {
        assertThat(topology.nodes())
                .allSatisfy(node -> assertThat(node.command("INFO", "errorstats"))
                        .asString()
                        .doesNotContain("CROSSSLOT"));
    }
}
