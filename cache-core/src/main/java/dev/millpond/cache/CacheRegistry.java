package dev.millpond.cache;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.cache.internal.RegistryBuilder;
import dev.millpond.cache.spi.LookupListener;
import dev.millpond.cache.spi.ValueCodec;
import dev.millpond.runtime.RedisConnection;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * The caches of one namespace: they share a Redis, their tags and their invalidations.
 *
 * <p>Thread-safe; make one per application. Without a Redis connection it works in one process. Closing it leaves the
 * Redis connection open.
 */
public interface CacheRegistry extends AutoCloseable {

    /** Starts a registry; not thread-safe. */
    static Builder builder() {
        return new RegistryBuilder();
    }

    /**
     * Starts a cache.
     *
     * @param name unique in the registry; letters, digits, dots, hyphens and underscores
     * @param valueType the class of the values, which alone decides how payloads are read
     */
    <V> CacheBuilder<V> newCache(String name, Class<V> valueType);

    /** Starts a cache of values of a generic type. */
    <V> CacheBuilder<V> newCache(String name, TypeRef<V> valueType);

    /** Returns a cache by name. */
    Optional<Cache<?, ?>> find(String name);

    /** Returns the caches made so far. */
    Collection<Cache<?, ?>> caches();

    /**
     * Invalidates, in all caches and on all nodes, the entries that carry one of these tags, and all that depends on
     * them. The cost does not grow with the number of entries.
     */
    void invalidate(Tag... tags);

    /** Returns what this node knows of the invalidations of its namespace, without asking Redis. */
    InvalidationStats invalidationStats();

    /** Adds a listener that is told of look-ups from now on. */
    void addLookupListener(LookupListener listener);

    /** Removes a listener. */
    void removeLookupListener(LookupListener listener);

    /** Stops the background work of the caches; reads go on in this process only. */
    @Override
    void close();

    /** Configures a registry; not thread-safe. */
    interface Builder {

        /** Shares entries and invalidations with other nodes through this Redis; without it the registry is local. */
        Builder redis(RedisConnection redis);

        /**
         * Sets the first part of every key in Redis.
         *
         * @param namespace letters, digits, dots, hyphens and underscores; {@code millpond} by default
         */
        Builder namespace(String namespace);

        /**
         * Sets the staleness bound: no read misses an invalidation that completed longer ago, whatever happens to Redis
         * or the network. Without Redis it has no effect.
         *
         * @param bound at least twice the poll interval and 300 ms, the time limit of a call to Redis; 2 seconds by
         *     default
         */
        Builder stalenessBound(Duration bound);

        /**
         * Sets how often this node asks Redis for invalidations that it was not told of; each time is one command per
         * node.
         *
         * @param interval more than zero; 500 ms by default
         */
        Builder pollInterval(Duration interval);

        /** Turns all caches on or off; on by default. When off, each read calls the loader and nothing is kept. */
        Builder enabled(boolean enabled);

        /** Sets how values are written; JSON by default. */
        Builder codec(ValueCodec codec);

        /** Sets where asynchronous reads run; a bounded pool of daemon threads by default. */
        Builder executor(Executor executor);

        /** Sets the source of elapsed time; the system's by default. */
        Builder ticker(Ticker ticker);

        /** Sets the source of the time of day, for ages across nodes; the system's by default. */
        Builder clock(InstantSource clock);

        /** Makes the registry. */
        CacheRegistry build();
    }
}
