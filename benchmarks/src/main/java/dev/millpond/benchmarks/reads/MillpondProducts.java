package dev.millpond.benchmarks.reads;

import dev.millpond.cache.CacheBuilder;
import dev.millpond.cache.CacheStats;
import dev.millpond.cache.LoadingCache;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/** Products in a cache of Millpond. */
final class MillpondProducts implements ProductCache {

    static final Duration TIME_TO_LIVE = Duration.ofHours(1);

    private static final int CHUNK = 500;

    private static final int MOST_PASSES = 20;

    private final LoadingCache<String, Product> cache;
    private final ToLongFunction<CacheStats> hits;
    private final long before;

    private MillpondProducts(LoadingCache<String, Product> cache, ToLongFunction<CacheStats> hits) {
        this.cache = cache;
        this.hits = hits;
        this.before = strays(cache.stats());
    }

    /** Reads what this process has. */
    static MillpondProducts inMemory(CacheBuilder<Product> builder, List<String> keys) {
        return filled(builder, CacheStats::localHits, keys);
    }

    /** Reads what Redis has: the process keeps nothing. */
    static MillpondProducts inRedis(CacheBuilder<Product> builder, List<String> keys) {
        return filled(builder.localMaximumSize(0), CacheStats::remoteHits, keys);
    }

    private static MillpondProducts filled(
            CacheBuilder<Product> builder, ToLongFunction<CacheStats> hits, List<String> keys) {
        LoadingCache<String, Product> cache = builder.timeToLive(TIME_TO_LIVE).build((String key) -> Product.of(key));
        for (int pass = 0; pass < MOST_PASSES; pass++) {
            if (loads(cache, keys) == 0) {
                return new MillpondProducts(cache, hits);
            }
        }
        throw new IllegalStateException("Millpond did not keep all of " + keys.size() + " products when they were read "
                + MOST_PASSES + " times. Measure again on a machine with less other work.");
    }

    /** Reads all keys; returns how many the cache did not have, as when a young process got no answer in time. */
    private static long loads(LoadingCache<String, Product> cache, List<String> keys) {
        long before = cache.stats().loads();
        for (int from = 0; from < keys.size(); from += CHUNK) {
            cache.getAll(keys.subList(from, Math.min(keys.size(), from + CHUNK)));
        }
        return cache.stats().loads() - before;
    }

    @Override
    public Product get(String key) {
        return cache.get(key);
    }

    @Override
    public Map<String, Product> getAll(List<String> keys) {
        return cache.getAll(keys);
    }

    @Override
    public long strays() {
        return strays(cache.stats()) - before;
    }

    private long strays(CacheStats stats) {
        return stats.requests() - hits.applyAsLong(stats);
    }
}
