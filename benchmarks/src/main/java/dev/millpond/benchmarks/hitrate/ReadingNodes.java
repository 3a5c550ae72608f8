package dev.millpond.benchmarks.hitrate;

import com.alicp.jetcache.Cache;
import com.alicp.jetcache.MultiLevelCache;
import com.alicp.jetcache.anno.CacheType;
import com.alicp.jetcache.support.DefaultCacheMonitor;
import com.alicp.jetcache.template.QuickConfig;
import dev.millpond.benchmarks.peers.JetCacheNodes;
import dev.millpond.benchmarks.peers.Machine;
import dev.millpond.benchmarks.peers.MillpondRegistries;
import dev.millpond.benchmarks.peers.RedissonNodes;
import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.CacheStats;
import dev.millpond.cache.LoadingCache;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.redisson.api.RBucket;
import org.redisson.api.RedissonClient;

/** Nodes of all that are compared. */
final class ReadingNodes {

    static final String MILLPOND = "Millpond";

    /** Long enough for nothing to expire. */
    private static final Duration TIME_TO_LIVE = Duration.ofHours(1);

    private ReadingNodes() {}

    /** Returns who is compared, Millpond first. */
    static List<Map.Entry<String, ReadingNode.Opener>> all() {
        return List.of(
                Map.entry(MILLPOND, ReadingNodes::millpond),
                Map.entry("JetCache, two levels", ReadingNodes::jetCache),
                Map.entry("Redis alone", ReadingNodes::redis));
    }

    private static ReadingNode millpond(Machine machine, String name, int memory) throws Exception {
        CacheRegistry registry = MillpondRegistries.open(machine, "benchmarks", CacheRegistry.builder());
        LoadingCache<String, String> cache = registry.newCache(name, String.class)
                .timeToLive(TIME_TO_LIVE)
                .localMaximumSize(memory)
                .build((String key) -> value(key));
        return new Millpond(cache);
    }

    private static ReadingNode jetCache(Machine machine, String name, int memory) throws Exception {
        Cache<String, String> cache = JetCacheNodes.of(machine)
                .cache(QuickConfig.newBuilder(name + ':')
                        .cacheType(CacheType.BOTH)
                        .syncLocal(true)
                        .localLimit(memory)
                        .expire(TIME_TO_LIVE)
                        .build());
        if (cache instanceof MultiLevelCache<String, String> levels) {
            List<DefaultCacheMonitor> monitors =
                    Stream.of(levels.caches()).map(ReadingNodes::monitored).toList();
            return new JetCached(levels, monitors.get(0), monitors.get(1), new AtomicLong());
        }
        throw new IllegalStateException("JetCache made a cache of one level, must be two.");
    }

    private static DefaultCacheMonitor monitored(Cache<?, ?> level) {
        DefaultCacheMonitor monitor = new DefaultCacheMonitor("level");
        level.config().getMonitors().add(monitor);
        return monitor;
    }

    private static ReadingNode redis(Machine machine, String name, int memory) throws Exception {
        return new Buckets(RedissonNodes.client(machine), name, new AtomicLong(), new AtomicLong());
    }

    private static String value(String key) {
        return "value of " + key;
    }

    private record Millpond(LoadingCache<String, String> cache) implements ReadingNode {

        @Override
        public void read(String key) {
            cache.find(key);
        }

        @Override
        public Answers answers() {
            CacheStats stats = cache.stats();
            return new Answers(stats.localHits(), stats.remoteHits(), stats.loads());
        }
    }

    private record JetCached(
            MultiLevelCache<String, String> levels,
            DefaultCacheMonitor first,
            DefaultCacheMonitor second,
            AtomicLong loads)
            implements ReadingNode {

        @Override
        public void read(String key) {
            levels.computeIfAbsent(key, this::load);
        }

        private String load(String key) {
            loads.incrementAndGet();
            return value(key);
        }

        @Override
        public Answers answers() {
            return new Answers(
                    first.getCacheStat().getGetHitCount(), second.getCacheStat().getGetHitCount(), loads.get());
        }
    }

    private record Buckets(RedissonClient client, String name, AtomicLong hits, AtomicLong loads)
            implements ReadingNode {

        @Override
        public void read(String key) {
            RBucket<String> bucket = client.getBucket(name + ':' + key);
            if (bucket.get() == null) {
                bucket.set(value(key), TIME_TO_LIVE);
                loads.incrementAndGet();
            } else {
                hits.incrementAndGet();
            }
        }

        @Override
        public Answers answers() {
            return new Answers(0, hits.get(), loads.get());
        }
    }
}
