package dev.millpond.cache.internal.redis;

import dev.millpond.cache.Servers;
import dev.millpond.testkit.RedisExtension;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The log over one server. */
class RedisInvalidationLogIT extends RedisInvalidationLogContract {

    @RegisterExtension
    static final RedisExtension redis = RedisExtension.create();

    RedisInvalidationLogIT() {
        super(Servers.of(redis));
    }
}
