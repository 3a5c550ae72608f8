package dev.millpond.cache;

import dev.millpond.testkit.RedisExtension;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two nodes over one server. */
class RedisCacheIT extends RedisCacheContract {

    @RegisterExtension
    static final RedisExtension redis = RedisExtension.create();

    RedisCacheIT() {
        super(Servers.of(redis));
    }
}
