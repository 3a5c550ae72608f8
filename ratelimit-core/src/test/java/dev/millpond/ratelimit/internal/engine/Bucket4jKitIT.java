package dev.millpond.ratelimit.internal.engine;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.ratelimit.RedisEngine;
import dev.millpond.runtime.PatientRedis;
import dev.millpond.runtime.RedisConnection;
import dev.millpond.testkit.RedisExtension;
import io.github.bucket4j.distributed.proxy.AbstractProxyManagerBuilder;
import io.github.bucket4j.distributed.serialization.Mapper;
import io.github.bucket4j.tck.AbstractDistributedBucketTest;
import io.github.bucket4j.tck.ProxyManagerSpec;
import java.time.Duration;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Bucket4j's own tests of buckets in a database, on our buckets in Redis, with either engine; each test has a bucket of
 * its own.
 */
@Execution(ExecutionMode.CONCURRENT)
@Tag("one-jdk")
class Bucket4jKitIT extends AbstractDistributedBucketTest {

    @RegisterExtension
    static final RedisExtension REDIS = RedisExtension.create();

    private static RedisConnection connection;

    @BeforeAll
    static void connect() {
        connection = PatientRedis.connect(REDIS.url());
        specs = Stream.of(RedisEngine.values())
                .<ProxyManagerSpec<?, ?, ?>>map(engine -> new ProxyManagerSpec<>(
                                engine.toString(),
                                () -> UUID.randomUUID().toString(),
                                () -> new RedisBucketsBuilder(engine))
                        .checkExpiration())
                .toList();
    }

    @AfterAll
    static void disconnect() {
        connection.close();
    }

    private static final class RedisBucketsBuilder
            extends AbstractProxyManagerBuilder<String, RedisBuckets<String>, RedisBucketsBuilder> {

        private final RedisEngine engine;

        private RedisBucketsBuilder(RedisEngine engine) {
            this.engine = engine;
        }

        @Override
        public RedisBuckets<String> build() {
            Duration budget = Duration.ofMinutes(1);
            Ticker ticker = Ticker.systemTicker();
            return switch (engine) {
                case SCRIPT ->
                    new ScriptBuckets<>(
                            getClientSideConfig(),
                            connection.guard(),
                            Mapper.STRING,
                            budget,
                            ticker,
                            UnaryOperator.identity());
                case CAS ->
                    new RedisBuckets<>(
                            getClientSideConfig(),
                            connection.guard(),
                            Mapper.STRING,
                            budget,
                            ticker,
                            UnaryOperator.identity());
            };
        }

        @Override
        public boolean isExpireAfterWriteSupported() {
            return true;
        }
    }
}
