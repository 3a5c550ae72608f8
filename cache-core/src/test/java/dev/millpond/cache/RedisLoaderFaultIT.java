package dev.millpond.cache;

import static org.awaitility.Awaitility.await;

import dev.millpond.runtime.RedisConnection;
import dev.millpond.testkit.RedisExtension;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Faults of loaders while their leases are in Redis. */
class RedisLoaderFaultIT extends LoaderFaultContract {

    @RegisterExtension
    static final RedisExtension redis = RedisExtension.create();

    private static RedisConnection connection;

    RedisLoaderFaultIT() {
        super(trusted());
    }

    @BeforeAll
    static void connect() {
        connection = RedisConnection.to(redis.url());
        connection.awaitAvailable(Duration.ofSeconds(10));
    }

    @AfterAll
    static void disconnect() {
        connection.close();
    }

    private static CacheRegistry trusted() {
        redis.server().flush();
        CacheRegistry registry =
                CacheRegistry.builder().redis(connection).namespace("faults").build();
        await().until(() -> registry.invalidationStats().trusted());
        return registry;
    }
}
