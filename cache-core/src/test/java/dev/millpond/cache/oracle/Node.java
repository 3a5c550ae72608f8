package dev.millpond.cache.oracle;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.internal.AssembledRegistry;
import dev.millpond.cache.internal.redis.RedisBackend;
import dev.millpond.runtime.RedisConnection;
import java.time.Duration;

/**
 * One node of an application: a registry with its own Redis client, and the caches of {@link NodeCaches}.
 *
 * @param number from 0
 */
record Node(int number, RedisConnection connection, ObservedLog log, CacheRegistry registry, NodeCaches caches)
        implements AutoCloseable {

    static final String NAMESPACE = "oracle";

    static final Duration POLL_INTERVAL = Duration.ofMillis(500);

    static Node start(int number, Fleet fleet, Variant variant, SourceOfTruth source) {
        RedisConnection connection = fleet.connect(number);
        RedisBackend backend = RedisBackend.of(connection, NAMESPACE, Ticker.systemTicker(), POLL_INTERVAL);
        ObservedLog log = new ObservedLog(variant.log().apply(backend.log()));
        CacheRegistry registry =
                AssembledRegistry.of(NAMESPACE, variant.store().apply(backend.store()), log, variant.trustWindow());
        return new Node(number, connection, log, registry, new NodeCaches(registry, source));
    }

    @Override
    public void close() {
        registry.close();
        connection.close();
    }
}
