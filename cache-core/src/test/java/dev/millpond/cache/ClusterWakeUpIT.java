package dev.millpond.cache;

import dev.millpond.testkit.RedisCluster;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a reader asks while another node loads, over a Redis Cluster. */
class ClusterWakeUpIT extends WakeUpContract {

    @RegisterExtension
    static final RedisCluster topology = RedisCluster.create();

    ClusterWakeUpIT() {
        super(Servers.of(topology));
    }
}
