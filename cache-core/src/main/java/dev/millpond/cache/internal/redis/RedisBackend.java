package dev.millpond.cache.internal.redis;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.cache.spi.CacheStore;
import dev.millpond.cache.spi.HotKeyStore;
import dev.millpond.cache.spi.InvalidationLog;
import dev.millpond.runtime.RedisConnection;
import java.time.Duration;

/**
 * What a registry needs of Redis. Kept apart so that a registry without Redis loads no Redisson class.
 *
 * @param store the second level
 * @param log the invalidation log
 * @param hotKeys what keys are read most
 */
public record RedisBackend(CacheStore store, InvalidationLog log, HotKeyStore hotKeys) {

    /** How long one call to Redis may take. */
    public static final Duration TIMEOUT = Duration.ofMillis(300);

    /** Returns the stores and the log of a namespace. */
    public static RedisBackend of(RedisConnection redis, String namespace, Ticker ticker, Duration pollInterval) {
        LogKeys keys = LogKeys.of(namespace);
        LogClient client = new LogClient(redis.guard(), keys, TIMEOUT, ticker);
        Releases releases = new Releases();
        return new RedisBackend(
                new RedisCacheStore(redis.guard(), TIMEOUT, keys.channel(), releases),
                new RedisInvalidationLog(redis.guard(), client, ticker, pollInterval, namespace, releases),
                new RedisHotKeyStore(redis.guard(), TIMEOUT, namespace));
    }
}
