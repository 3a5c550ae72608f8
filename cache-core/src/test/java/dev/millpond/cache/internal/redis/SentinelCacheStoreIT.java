package dev.millpond.cache.internal.redis;

import dev.millpond.runtime.RedisConnection;
import dev.millpond.testkit.RedisSentinels;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The contract of stores over a Redis with Sentinel. */
class SentinelCacheStoreIT extends RedisCacheStoreIT {

    @RegisterExtension
    static final RedisSentinels topology = RedisSentinels.create();

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
}
