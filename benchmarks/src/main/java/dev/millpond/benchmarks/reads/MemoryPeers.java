package dev.millpond.benchmarks.reads;

import static dev.millpond.benchmarks.reads.MillpondProducts.TIME_TO_LIVE;

import com.alicp.jetcache.Cache;
import com.alicp.jetcache.anno.CacheType;
import com.alicp.jetcache.template.QuickConfig;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.millpond.benchmarks.measure.Names;
import dev.millpond.benchmarks.peers.JetCacheNodes;
import dev.millpond.benchmarks.peers.Machine;
import dev.millpond.benchmarks.peers.MillpondRegistries;
import dev.millpond.benchmarks.peers.RedissonNodes;
import dev.millpond.cache.CacheBuilder;
import dev.millpond.cache.CacheRegistry;
import dev.millpond.runtime.Switches;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.redisson.api.RLocalCachedMap;
import org.redisson.api.options.LocalCachedMapOptions;
import org.redisson.api.options.LocalCachedMapOptions.CacheProvider;
import org.redisson.codec.Kryo5Codec;

/** Who keeps products in the process; all but Caffeine alone have a Redis behind, and all bound size and time. */
final class MemoryPeers {

    static final String MILLPOND = "Millpond";
    static final String MILLPOND_FALLBACKS = "Millpond, all fallbacks and switches";
    static final String MILLPOND_HOT_KEYS = "Millpond, hot keys";
    static final String CAFFEINE = "Caffeine";
    static final String JETCACHE = "JetCache, two levels";
    static final String LOCAL_CACHED_MAP = "Redisson RLocalCachedMap";
    static final String ANNOTATED_MILLPOND = "@Cacheable on Millpond";
    static final String ANNOTATED_CAFFEINE = "@Cacheable on Caffeine";

    private static final int MAXIMUM_SIZE = 10_000;
    private static final int HOT_KEYS = 1_000;

    private static final Map<String, ProductCache.Opener> OPENERS = Map.of(
            MILLPOND,
            (machine, keys) -> millpond(machine, keys, CacheRegistry.builder(), builder -> builder),
            MILLPOND_FALLBACKS,
            MemoryPeers::withFallbacks,
            MILLPOND_HOT_KEYS,
            (machine, keys) -> millpond(machine, keys, CacheRegistry.builder(), builder -> builder.hotKeys(HOT_KEYS)),
            CAFFEINE,
            MemoryPeers::caffeine,
            JETCACHE,
            MemoryPeers::jetCache,
            LOCAL_CACHED_MAP,
            MemoryPeers::localCachedMap,
            ANNOTATED_MILLPOND,
            AnnotatedProducts::onMillpond,
            ANNOTATED_CAFFEINE,
            AnnotatedProducts::onCaffeine);

    private MemoryPeers() {}

    static ProductCache open(String peer, Machine machine, List<String> keys) throws Exception {
        return Names.find(OPENERS, peer).open(machine, keys);
    }

    private static ProductCache millpond(
            Machine machine,
            List<String> keys,
            CacheRegistry.Builder registry,
            UnaryOperator<CacheBuilder<Product>> settings)
            throws Exception {
        CacheBuilder<Product> builder =
                MillpondRegistries.open(machine, "benchmarks", registry).newCache("products", Product.class);
        return MillpondProducts.inMemory(settings.apply(builder.localMaximumSize(MAXIMUM_SIZE)), keys);
    }

    private static ProductCache withFallbacks(Machine machine, List<String> keys) throws Exception {
        Switches switches =
                Switches.builder().redis(MillpondRegistries.connection(machine)).build();
        machine.own(switches::close);
        return millpond(
                machine,
                keys,
                CacheRegistry.builder().switches(switches),
                builder -> builder.serveStaleFor(Duration.ofHours(1))
                        .serveUnconfirmedFor(Duration.ofMinutes(1))
                        .softTimeout(Duration.ofMillis(100))
                        .hardTimeout(Duration.ofSeconds(1))
                        .refreshAhead(1));
    }

    private static ProductCache caffeine(Machine machine, List<String> keys) {
        com.github.benmanes.caffeine.cache.Cache<String, Product> cache = Caffeine.newBuilder()
                .maximumSize(MAXIMUM_SIZE)
                .expireAfterWrite(TIME_TO_LIVE)
                .build();
        keys.forEach(key -> cache.put(key, Product.of(key)));
        return cache::getIfPresent;
    }

    private static ProductCache jetCache(Machine machine, List<String> keys) throws Exception {
        Cache<String, Product> cache = JetCacheNodes.of(machine)
                .cache(QuickConfig.newBuilder("products:")
                        .cacheType(CacheType.BOTH)
                        .syncLocal(true)
                        .localLimit(MAXIMUM_SIZE)
                        .expire(TIME_TO_LIVE)
                        .valueEncoder(com.alicp.jetcache.support.Kryo5ValueEncoder.INSTANCE)
                        .valueDecoder(com.alicp.jetcache.support.Kryo5ValueDecoder.INSTANCE)
                        .build());
        keys.forEach(key -> cache.put(key, Product.of(key)));
        return cache::get;
    }

    private static ProductCache localCachedMap(Machine machine, List<String> keys) throws Exception {
        RLocalCachedMap<String, Product> map = RedissonNodes.client(machine)
                .getLocalCachedMap(LocalCachedMapOptions.<String, Product>name("products")
                        .codec(new Kryo5Codec())
                        .cacheProvider(CacheProvider.CAFFEINE)
                        .cacheSize(MAXIMUM_SIZE)
                        .timeToLive(TIME_TO_LIVE));
        keys.forEach(key -> map.fastPut(key, Product.of(key)));
        return map::get;
    }
}
