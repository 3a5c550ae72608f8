package dev.millpond.benchmarks.reads;

import com.alicp.jetcache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.millpond.benchmarks.Run;
import dev.millpond.benchmarks.Suite;
import dev.millpond.benchmarks.measure.Comparison;
import dev.millpond.benchmarks.measure.Load;
import dev.millpond.benchmarks.measure.Metric;
import dev.millpond.benchmarks.measure.Scenario;
import dev.millpond.benchmarks.measure.Target;
import dev.millpond.benchmarks.peers.Versions;
import io.lettuce.core.RedisClient;
import java.util.List;
import java.util.Map;
import org.redisson.Redisson;
import org.springframework.cache.CacheManager;
import org.springframework.data.redis.cache.RedisCache;

/** What reads cost that are hits, in the process and in Redis; values are 1 KB of JSON. */
public final class CacheSuite implements Suite {

    private static final String FEW_KEYS = "1000";
    private static final String MANY_KEYS = "10000";

    @Override
    public String name() {
        return "cache";
    }

    @Override
    public boolean run(Run run) throws Exception {
        return new Comparison(name(), versions(), scenarios()).run(run);
    }

    private static String versions() {
        return "Caffeine " + Versions.of(Caffeine.class) + ", Redisson " + Versions.of(Redisson.class) + ", Lettuce "
                + Versions.of(RedisClient.class) + ", JetCache " + Versions.of(Cache.class) + ", Spring "
                + Versions.of(CacheManager.class) + ", Spring Data Redis " + Versions.of(RedisCache.class);
    }

    static List<Scenario> scenarios() {
        return List.of(memory(), oneThread(), eightThreads(), manyThreads(), getAll());
    }

    private static Scenario memory() {
        return new Scenario(
                "memory",
                "hit in the process, 1 thread",
                new Load(MemoryReads.class, "get", 1, false, Map.of("keys", FEW_KEYS)),
                List.of(
                        MemoryPeers.MILLPOND,
                        MemoryPeers.MILLPOND_FALLBACKS,
                        MemoryPeers.MILLPOND_HOT_KEYS,
                        MemoryPeers.CAFFEINE,
                        MemoryPeers.JETCACHE,
                        MemoryPeers.LOCAL_CACHED_MAP,
                        MemoryPeers.ANNOTATED_MILLPOND,
                        MemoryPeers.ANNOTATED_CAFFEINE),
                List.of(
                        asCaffeine(MemoryPeers.MILLPOND),
                        Target.number(MemoryPeers.MILLPOND, Metric.ALLOCATED, 0),
                        asCaffeine(MemoryPeers.MILLPOND_FALLBACKS),
                        asCaffeine(MemoryPeers.MILLPOND_HOT_KEYS),
                        Target.multiple(
                                MemoryPeers.ANNOTATED_MILLPOND,
                                Metric.CLIENT_CPU,
                                1.0,
                                MemoryPeers.ANNOTATED_CAFFEINE)));
    }

    private static Target asCaffeine(String peer) {
        return Target.multiple(peer, Metric.CLIENT_CPU, 1.1, MemoryPeers.CAFFEINE);
    }

    private static Scenario oneThread() {
        return new Scenario(
                "redis-1",
                "hit in Redis, 1 thread",
                gets(1),
                RedisPeers.ALL,
                List.of(
                        Target.multiple(RedisPeers.MILLPOND, Metric.P50, 1.05, RedisPeers.LETTUCE, RedisPeers.REDISSON),
                        Target.number(RedisPeers.MILLPOND, Metric.COMMANDS, 1)));
    }

    private static Scenario eightThreads() {
        return new Scenario(
                "redis-8",
                "hits in Redis, 8 threads, 10 000 keys",
                gets(8),
                RedisPeers.ALL,
                List.of(Target.multiple(RedisPeers.MILLPOND, Metric.RATE, 1.0, RedisPeers.LETTUCE)));
    }

    private static Scenario manyThreads() {
        return new Scenario(
                "redis-32",
                "hits in Redis, 32 threads, 10 000 keys",
                gets(32),
                List.of(RedisPeers.MILLPOND, RedisPeers.LETTUCE, RedisPeers.REDISSON, RedisPeers.REDISSON_JSON),
                List.of(Target.multiple(RedisPeers.MILLPOND, Metric.RATE, 1.2, RedisPeers.LETTUCE)));
    }

    private static Scenario getAll() {
        return new Scenario(
                "get-all",
                "100 hits in Redis by one call, 1 thread",
                new Load(RedisReads.class, "getAll", 1, true, Map.of("keys", MANY_KEYS, "batch", "100")),
                List.of(
                        RedisPeers.MILLPOND,
                        RedisPeers.LETTUCE,
                        RedisPeers.REDISSON,
                        RedisPeers.REDISSON_JSON,
                        RedisPeers.JETCACHE),
                List.of(Target.multiple(RedisPeers.MILLPOND, Metric.TIME, 1.0, RedisPeers.LETTUCE)));
    }

    private static Load gets(int threads) {
        return new Load(RedisReads.class, "get", threads, true, Map.of("keys", MANY_KEYS));
    }
}
