package dev.millpond.cache.internal.redis;

import dev.millpond.cache.Servers;
import dev.millpond.testkit.RedisExtension;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The contract of stores over one server. */
class RedisCacheStoreIT extends RedisCacheStoreContract {

    @RegisterExtension
    static final RedisExtension redis = RedisExtension.create();

    RedisCacheStoreIT() {
        super(Servers.of(redis));
    }
}
