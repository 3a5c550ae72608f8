package dev.millpond.cache;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.cache.internal.RegistryBuilder;
import dev.millpond.cache.spi.LoadObserver;
import dev.millpond.cache.spi.LookupListener;
import dev.millpond.cache.spi.ValueCodec;
import dev.millpond.cache.spi.WarmerCustomizer;
import dev.millpond.runtime.RedisConnection;
import dev.millpond.runtime.Switches;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * The caches of one namespace: they share a Redis, their tags and their invalidations.
 *
 * <p>Thread-safe; make one per application. Without a Redis connection it works in one process. With one, no read
 * misses an invalidation that completed on any node more than 2 s ago: a node that cannot prove this, because Redis is
 * away or lost what it knew, answers from its loaders. Closing it leaves the Redis connection open.
 */
public interface CacheRegistry extends AutoCloseable {

    /** Starts a registry; not thread-safe. */
    static Builder builder() {
        return new RegistryBuilder();
    }

    /**
     * Starts a cache.
     *
     * @param name unique in the registry; 1 to 64 letters, digits, dots, hyphens and underscores, but not {@code rl},
     *     which the keys of rate limiters have in its place
     * @param valueType the class of the values, which alone decides how payloads are read
     * @throws IllegalArgumentException if it cannot be the name of a cache
     */
    <V> CacheBuilder<V> newCache(String name, Class<V> valueType);

    /**
     * Starts a cache of values of a generic type.
     *
     * @param name as for {@link #newCache(String, Class)}
     * @param valueType the type of the values, which alone decides how payloads are read
     * @throws IllegalArgumentException if it cannot be the name of a cache
     */
    <V> CacheBuilder<V> newCache(String name, TypeRef<V> valueType);

    /** Returns a cache by name, or empty if none of this name was made. */
    Optional<Cache<?, ?>> find(String name);

    /** Returns the caches made so far, in no order; the collection does not change. */
    Collection<Cache<?, ?>> caches();

    /**
     * Invalidates, in all caches and on all nodes, the entries that carry one of these tags, and all that depends on
     * them.
     *
     * <p>The cost does not grow with the number of entries. When it is complete, and what happens when Redis is away,
     * is what {@link Cache#invalidate} says. Without a tag it does nothing.
     */
    void invalidate(Tag... tags);

    /** Returns what this node knows of the invalidations of its namespace, without asking Redis. */
    InvalidationStats invalidationStats();

    /** Adds a listener that is told of look-ups from now on; what it throws is logged and does not fail the look-up. */
    void addLookupListener(LookupListener listener);

    /** Removes a listener; does nothing if it was not added. */
    void removeLookupListener(LookupListener listener);

    /**
     * Stops the background work of the caches.
     *
     * <p>Invalidations that wait for Redis are sent now if it is there; else their number is logged as a warning.
     * Caches can still be read: without Redis as before, with Redis for up to the staleness bound, since nothing tells
     * of invalidations any more; from then on each read calls its loader. Closing again does nothing.
     */
    @Override
    void close();

    /**
     * Configures a registry; not thread-safe.
     *
     * <p>Each setting may be given once; giving it again throws {@link IllegalStateException}.
     */
    interface Builder {

        /**
         * Shares entries and invalidations with other nodes through this Redis; without it the registry works in this
         * process alone.
         *
         * @param redis stays open when the registry is closed
         */
        Builder redis(RedisConnection redis);

        /**
         * Sets the first part of every key in Redis; {@code millpond} by default.
         *
         * @param namespace the same on all nodes that share caches; 1 to 64 letters, digits, dots, hyphens and
         *     underscores
         * @throws IllegalArgumentException if it has other characters or another length
         */
        Builder namespace(String namespace);

        /**
         * Sets the staleness bound: no read misses an invalidation that completed longer ago, whatever happens to Redis
         * or the network. Without Redis it has no effect.
         *
         * @param bound at least twice the poll interval and 300 ms, the time limit of a call to Redis, which
         *     {@link #build} checks; 2 seconds by default
         */
        Builder stalenessBound(Duration bound);

        /**
         * Sets how often this node asks Redis for invalidations that it was not told of, with one command each time.
         *
         * @param interval at least 1 ms; 500 ms by default
         */
        Builder pollInterval(Duration interval);

        /**
         * Lets switches turn caches off and on at run time: {@link dev.millpond.runtime.Switch#CACHE} all of them, and
         * {@code Switch.cache("standings")} one.
         *
         * <p>Invalidations always go through, and {@code put} of what may not be kept is one, so that a cache which is
         * on again never answers with what was there before them. What it has else, it has again.
         *
         * @param switches stay open when the registry is closed
         */
        Builder switches(Switches switches);

        /**
         * Turns all caches on or off; on by default. A switch of all caches that was set at run time counts in place of
         * this.
         *
         * <p>When off, each read calls the loader and nothing is kept. Invalidations are still sent, for the nodes on
         * which caches are on.
         */
        Builder enabled(boolean enabled);

        /**
         * Sets how values are written in Redis; JSON by default.
         *
         * @param codec the same on all nodes; entries of another codec count as missing
         * @throws IllegalArgumentException if its number is not 0 to 255
         */
        Builder codec(ValueCodec codec);

        /**
         * Sets where asynchronous reads run; by default on at most 32 daemon threads, with a queue that has no bound.
         *
         * @param executor stays open when the registry is closed; reads block its threads
         */
        Builder executor(Executor executor);

        /** Sets what surrounds every call of a loader, for example {@link LoadObservations}; nothing by default. */
        Builder loadObserver(LoadObserver observer);

        /** Sets what has a say in how warmers work, for example properties; the code that makes them by default. */
        Builder warmerCustomizer(WarmerCustomizer customizer);

        /** Sets the source of elapsed time, for times to live and the bound of 2 s; the system's by default. */
        Builder ticker(Ticker ticker);

        /** Sets the source of the time of day, for ages across nodes; the system's by default. */
        Builder clock(InstantSource clock);

        /** Makes the registry; does not wait for Redis. */
        CacheRegistry build();
    }
}
