package dev.millpond.cache;

import dev.millpond.runtime.RedisConnection;
import dev.millpond.testkit.RedisCluster;
import dev.millpond.testkit.RedisServer;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a reader asks while another node loads, over a Redis Cluster. */
class ClusterWakeUpIT extends WakeUpIT {

    @RegisterExtension
    static final RedisCluster topology = RedisCluster.create();

    @Override
    protected RedisConnection connect() {
        return RedisConnection.ofYaml(topology.redissonYaml());
    }

    @Override
    protected RedisServer server() {
        return topology.masters().get(0);
    }

    @Override
    protected void flush() {
        topology.flush();
    }
}
