package dev.millpond.cache;

import dev.millpond.runtime.RedisConnection;
import dev.millpond.testkit.RedisSentinels;
import dev.millpond.testkit.RedisServer;
import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two nodes over a Redis with Sentinel. */
class SentinelCacheIT extends RedisCacheIT {

    @RegisterExtension
    static final RedisSentinels topology = RedisSentinels.create();

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
}
