package dev.millpond.cache.internal.redis;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.cache.spi.CacheStore;
import dev.millpond.cache.spi.InvalidationLog;
import dev.millpond.runtime.RedisConnection;
import java.time.Duration;

/**
 * What a registry needs of Redis. Kept apart so that a registry without Redis loads no Redisson class.
 *
 * @param store the second level
 * @param log the invalidation log
 */
public record RedisBackend(CacheStore store, InvalidationLog log) {

    private static final Duration BUDGET = Duration.ofMillis(300);
    private static final Duration POLL_INTERVAL = Duration.ofMillis(500);

    /** Returns the store and the log of a namespace. */
    public static RedisBackend of(RedisConnection redis, String namespace, Ticker ticker) {
        LogClient client = new LogClient(redis.guard(), LogKeys.of(namespace), BUDGET);
        return new RedisBackend(
                new RedisCacheStore(redis.guard(), BUDGET),
                new RedisInvalidationLog(redis.guard(), client, ticker, POLL_INTERVAL, namespace));
    }
}
