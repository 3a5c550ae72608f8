package dev.millpond.cache.internal.redis;

import static org.awaitility.Awaitility.await;

import dev.millpond.cache.internal.CacheStoreContract;
import dev.millpond.cache.spi.CacheStore;
import dev.millpond.runtime.RedisConnection;
import dev.millpond.testkit.RedisExtension;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The contract of stores, kept by the one over a real Redis. */
class RedisCacheStoreIT extends CacheStoreContract {

    @RegisterExtension
    static final RedisExtension redis = RedisExtension.create();

    private static RedisConnection connection;

    @BeforeAll
    static void connect() {
        connection = RedisConnection.to(redis.url());
        connection.awaitAvailable(Duration.ofSeconds(10));
    }

    @AfterAll
    static void disconnect() {
        connection.close();
    }

    @BeforeEach
    void empty() {
        redis.server().flush();
    }

    @Override
    protected CacheStore store() {
        return new RedisCacheStore(connection.guard(), Duration.ofSeconds(2), "test-channel", new Releases());
    }

    @Override
    protected void elapse(Duration time) {
        long start = System.nanoTime();
        await().atMost(time.plusSeconds(5)).until(() -> System.nanoTime() - start >= time.toNanos());
    }
}
