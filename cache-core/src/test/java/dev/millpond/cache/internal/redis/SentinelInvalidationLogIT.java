package dev.millpond.cache.internal.redis;

import dev.millpond.cache.Servers;
import dev.millpond.testkit.RedisSentinels;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The log over a Redis with Sentinel. */
class SentinelInvalidationLogIT extends RedisInvalidationLogContract {

    @RegisterExtension
    static final RedisSentinels topology = RedisSentinels.create();

    SentinelInvalidationLogIT() {
        super(Servers.of(topology));
    }
}
