package dev.millpond.benchmarks.peers;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.springframework.cache.Cache;
import org.springframework.data.redis.cache.RedisCache;
import org.springframework.data.redis.cache.RedisCacheConfiguration;
import org.springframework.data.redis.cache.RedisCacheManager;
import org.springframework.data.redis.cache.RedisCacheWriter;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** Caches of Spring Data Redis on one machine. */
public final class SpringNodes {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private SpringNodes() {}

    /** Makes a cache; it counts, since its counts tell when what was sent without waiting has arrived. */
    static RedisCache cache(Machine machine, String name, Function<RedisConnectionFactory, RedisCacheWriter> writer)
            throws Exception {
        RedisConnectionFactory connections = connections(machine);
        RedisCacheManager caches = RedisCacheManager.builder(writer.apply(connections))
                .cacheDefaults(RedisCacheConfiguration.defaultCacheConfig().entryTtl(Duration.ofMinutes(5)))
                .enableStatistics()
                .build();
        caches.afterPropertiesSet();
        if (caches.getCache(name) instanceof RedisCache cache) {
            return cache;
        }
        throw new IllegalStateException("Spring's cache manager made no Redis cache '" + name + "'.");
    }

    /** Returns the one source of connections of the machine. */
    public static RedisConnectionFactory connections(Machine machine) throws Exception {
        return machine.shared(LettuceConnectionFactory.class, SpringNodes::connect);
    }

    /** Evicts as the annotation does, and waits until the removal is done: the annotation does not. */
    static void evict(RedisCache cache, String key) throws Exception {
        long before = cache.getStatistics().getDeletes();
        cache.evict(key);
        await("an eviction", () -> cache.getStatistics().getDeletes() > before);
    }

    /** Waits until so many puts are done. */
    static void awaitPuts(RedisCache cache, long puts) throws Exception {
        await("a put", () -> cache.getStatistics().getPuts() >= puts);
    }

    /** Waits until all these keys are there: a put does not. */
    public static void awaitAll(Cache cache, List<String> keys) throws Exception {
        for (String key : keys) {
            await("key '" + key + "'", () -> cache.get(key) != null);
        }
    }

    private static void await(String what, Callable<Boolean> done) throws Exception {
        if (!Await.until(LIMIT, done)) {
            throw new IllegalStateException(
                    "Spring Data Redis did not report " + what + " within " + LIMIT.toSeconds() + " s.");
        }
    }

    private static LettuceConnectionFactory connect(Machine machine) {
        LettuceConnectionFactory factory =
                new LettuceConnectionFactory(LettuceConnectionFactory.createRedisConfiguration(machine.url()));
        factory.afterPropertiesSet();
        factory.start();
        machine.own(factory::destroy);
        return factory;
    }
}
