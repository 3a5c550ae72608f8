package dev.millpond.cache.internal.redis;

import dev.millpond.runtime.RedisConnection;
import dev.millpond.testkit.RedisCluster;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The contract of stores over a Redis Cluster. */
class ClusterCacheStoreIT extends RedisCacheStoreIT {

    @RegisterExtension
    static final RedisCluster topology = RedisCluster.create();

    @Override
    protected RedisConnection connect() {
        return RedisConnection.ofYaml(topology.redissonYaml());
    }

    @Override
    protected void flush() {
        topology.flush();
    }

    @Override
    protected void flushScripts() {
        topology.flushScripts();
    }

    @Override
    protected void flushScriptsOfOneServer() {
        topology.masters().get(0).command("SCRIPT", "FLUSH");
    }
}
