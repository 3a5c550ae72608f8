package dev.millpond.cache.internal.redis;

import dev.millpond.runtime.RedisConnection;
import dev.millpond.testkit.RedisCluster;
import dev.millpond.testkit.RedisServer;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The log over a Redis Cluster. */
class ClusterInvalidationLogIT extends RedisInvalidationLogIT {

    @RegisterExtension
    static final RedisCluster topology = RedisCluster.create();

    @Override
    protected RedisConnection connection() {
        return RedisConnection.ofYaml(topology.redissonYaml());
    }

    @Override
    protected RedisServer server() {
        return topology.masterOf(LogKeys.of("test").table());
    }

    @Override
    protected void flush() {
        topology.flush();
    }
}
