package dev.millpond.cache.internal.redis;

import dev.millpond.runtime.RedisConnection;
import dev.millpond.testkit.RedisSentinels;
import dev.millpond.testkit.RedisServer;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The log over a Redis with Sentinel. */
class SentinelInvalidationLogIT extends RedisInvalidationLogIT {

    @RegisterExtension
    static final RedisSentinels topology = RedisSentinels.create();

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
