package dev.millpond.cache.internal.redis;

import dev.millpond.cache.Servers;
import dev.millpond.testkit.RedisSentinels;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The contract of stores over a Redis with Sentinel. */
class SentinelCacheStoreIT extends RedisCacheStoreContract {

    @RegisterExtension
    static final RedisSentinels topology = RedisSentinels.create();

    SentinelCacheStoreIT() {
        super(Servers.of(topology));
    }
}
