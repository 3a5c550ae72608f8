package dev.millpond.ratelimit.internal.engine;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.runtime.RedisConnection;
import dev.millpond.testkit.RedisExtension;
import io.github.bucket4j.distributed.proxy.AbstractProxyManagerBuilder;
import io.github.bucket4j.distributed.serialization.Mapper;
import io.github.bucket4j.tck.AbstractDistributedBucketTest;
import io.github.bucket4j.tck.ProxyManagerSpec;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Bucket4j's own tests of buckets in a database, on our buckets in Redis; each test has a bucket of its own. */
class Bucket4jKitIT extends AbstractDistributedBucketTest {

    @RegisterExtension
    static final RedisExtension REDIS = RedisExtension.create();

    private static RedisConnection connection;

    @BeforeAll
    static void connect() {
        connection = RedisConnection.to(REDIS.url());
        connection.awaitAvailable(Duration.ofSeconds(10));
        specs = List.of(new ProxyManagerSpec<>(
                        "buckets in Redis", () -> UUID.randomUUID().toString(), RedisBucketsBuilder::new)
                .checkExpiration());
    }

    @AfterAll
    static void disconnect() {
        connection.close();
    }

    private static final class RedisBucketsBuilder
            extends AbstractProxyManagerBuilder<String, RedisBuckets<String>, RedisBucketsBuilder> {

        @Override
        public RedisBuckets<String> build() {
            return new RedisBuckets<>(
                    getClientSideConfig(),
                    connection.guard(),
                    Mapper.STRING,
                    Duration.ofMinutes(1),
                    Ticker.systemTicker());
        }

        @Override
        public boolean isExpireAfterWriteSupported() {
            return true;
        }
    }
}
