package dev.millpond.cache;

import dev.millpond.testkit.RedisSentinels;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two nodes over a Redis with Sentinel. */
class SentinelCacheIT extends RedisCacheContract {

    @RegisterExtension
    static final RedisSentinels topology = RedisSentinels.create();

    SentinelCacheIT() {
        super(Servers.of(topology));
    }
}
