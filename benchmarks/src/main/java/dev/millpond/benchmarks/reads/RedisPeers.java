package dev.millpond.benchmarks.reads;

import static dev.millpond.benchmarks.reads.MillpondProducts.TIME_TO_LIVE;

import com.alicp.jetcache.Cache;
import com.alicp.jetcache.anno.CacheType;
import com.alicp.jetcache.support.Kryo5ValueDecoder;
import com.alicp.jetcache.support.Kryo5ValueEncoder;
import com.alicp.jetcache.template.QuickConfig;
import dev.millpond.benchmarks.measure.Names;
import dev.millpond.benchmarks.peers.JetCacheNodes;
import dev.millpond.benchmarks.peers.Machine;
import dev.millpond.benchmarks.peers.MillpondRegistries;
import dev.millpond.benchmarks.peers.RedissonNodes;
import dev.millpond.benchmarks.peers.SpringNodes;
import dev.millpond.cache.CacheRegistry;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.Codec;
import org.redisson.codec.Kryo5Codec;
import org.redisson.codec.TypedJsonJackson3Codec;
import org.springframework.data.redis.cache.RedisCacheConfiguration;
import org.springframework.data.redis.cache.RedisCacheManager;
import org.springframework.data.redis.serializer.JacksonJsonRedisSerializer;
import org.springframework.data.redis.serializer.RedisSerializationContext.SerializationPair;

/** Who reads from Redis, and decodes what it reads. */
final class RedisPeers {

    static final String MILLPOND = "Millpond";
    static final String LETTUCE = "Lettuce + Jackson";
    static final String REDISSON = "Redisson RBucket";
    static final String REDISSON_JSON = "Redisson RBucket, JSON";
    static final String JETCACHE = "JetCache, Kryo5";
    static final String SPRING = "Spring Data Redis, JSON";

    /** All, Millpond first. */
    static final List<String> ALL = List.of(MILLPOND, LETTUCE, REDISSON, REDISSON_JSON, JETCACHE, SPRING);

    private static final Map<String, ProductCache.Opener> OPENERS = Map.of(
            MILLPOND,
            RedisPeers::millpond,
            LETTUCE,
            LettuceProducts::open,
            REDISSON,
            (machine, keys) -> redisson(machine, new Kryo5Codec(), keys),
            REDISSON_JSON,
            (machine, keys) -> redisson(machine, new TypedJsonJackson3Codec(Product.class), keys),
            JETCACHE,
            RedisPeers::jetCache,
            SPRING,
            RedisPeers::spring);

    private RedisPeers() {}

    static ProductCache open(String peer, Machine machine, List<String> keys) throws Exception {
        return Names.find(OPENERS, peer).open(machine, keys);
    }

    private static ProductCache millpond(Machine machine, List<String> keys) throws Exception {
        CacheRegistry registry = MillpondRegistries.open(machine, "benchmarks", CacheRegistry.builder());
        return MillpondProducts.inRedis(registry.newCache("products", Product.class), keys);
    }

    private static ProductCache redisson(Machine machine, Codec codec, List<String> keys) throws Exception {
        RedissonClient client = RedissonNodes.client(machine);
        keys.forEach(key -> client.<Product>getBucket(key, codec).set(Product.of(key), TIME_TO_LIVE));
        return new Buckets(client, codec);
    }

    private static ProductCache jetCache(Machine machine, List<String> keys) throws Exception {
        Cache<String, Product> cache = JetCacheNodes.of(machine)
                .cache(QuickConfig.newBuilder("products:")
                        .cacheType(CacheType.REMOTE)
                        .valueEncoder(Kryo5ValueEncoder.INSTANCE)
                        .valueDecoder(Kryo5ValueDecoder.INSTANCE)
                        .expire(TIME_TO_LIVE)
                        .build());
        keys.forEach(key -> cache.put(key, Product.of(key)));
        return new JetCached(cache);
    }

    private static ProductCache spring(Machine machine, List<String> keys) throws Exception {
        RedisCacheManager caches = RedisCacheManager.builder(SpringNodes.connections(machine))
                .cacheDefaults(RedisCacheConfiguration.defaultCacheConfig()
                        .entryTtl(TIME_TO_LIVE)
                        .serializeValuesWith(
                                SerializationPair.fromSerializer(new JacksonJsonRedisSerializer<>(Product.class))))
                .build();
        caches.afterPropertiesSet();
        org.springframework.cache.Cache cache = SpringCached.named("products", caches);
        keys.forEach(key -> cache.put(key, Product.of(key)));
        SpringNodes.awaitAll(cache, keys);
        return new SpringCached(cache);
    }

    private record Buckets(RedissonClient client, Codec codec) implements ProductCache {

        @Override
        public @Nullable Product get(String key) {
            return client.<Product>getBucket(key, codec).get();
        }

        @Override
        public Map<String, Product> getAll(List<String> keys) {
            return client.getBuckets(codec).get(keys.toArray(String[]::new));
        }
    }

    private record JetCached(Cache<String, Product> cache) implements ProductCache {

        @Override
        public @Nullable Product get(String key) {
            return cache.get(key);
        }

        @Override
        public Map<String, Product> getAll(List<String> keys) {
            return cache.getAll(new LinkedHashSet<>(keys));
        }
    }
}
