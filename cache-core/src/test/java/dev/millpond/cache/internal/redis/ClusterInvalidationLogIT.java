package dev.millpond.cache.internal.redis;

import dev.millpond.cache.Servers;
import dev.millpond.testkit.RedisCluster;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The log over a Redis Cluster. */
class ClusterInvalidationLogIT extends RedisInvalidationLogContract {

    @RegisterExtension
    static final RedisCluster topology = RedisCluster.create();

    ClusterInvalidationLogIT() {
        super(Servers.of(topology));
    }
}
