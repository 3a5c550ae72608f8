package dev.millpond.cache.internal.redis;

import dev.millpond.cache.Servers;
import dev.millpond.testkit.RedisCluster;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The contract of stores over a Redis Cluster. */
class ClusterCacheStoreIT extends RedisCacheStoreContract {

    @RegisterExtension
    static final RedisCluster topology = RedisCluster.create();

    ClusterCacheStoreIT() {
        super(Servers.of(topology));
    }
}
