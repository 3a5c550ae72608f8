package dev.millpond.spring.internal.metrics;

import dev.millpond.cache.Cache;
import dev.millpond.cache.CacheStats;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.cache.CacheMeterBinder;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** The meters of one cache: those that Micrometer has for all caches, and those of two levels and invalidations. */
final class CacheMeters extends CacheMeterBinder<Cache<?, ?>> {

    /** Of a cache that nobody uses any more. */
    private static final CacheStats NOTHING =
            new CacheStats(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, Duration.ZERO, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    /*
     * Spring Boot gives the caches that it knows the tags "cache.manager" and "name" too, and Prometheus takes a meter
     * only with the same tags everywhere.
     */
    CacheMeters(Cache<?, ?> cache) {
        super(cache, cache.name(), Tags.of("cache.manager", "millpond", "name", cache.name()));
    }

    private CacheStats stats() {
        Cache<?, ?> cache = getCache();
        return cache == null ? NOTHING : cache.stats();
    }

    @Override
    protected Long size() {
        Cache<?, ?> cache = getCache();
        return cache == null ? 0 : cache.localSize();
    }

    @Override
    protected long hitCount() {
        CacheStats stats = stats();
        return stats.localHits() + stats.remoteHits();
    }

    @Override
    protected Long missCount() {
        return stats().misses();
    }

    @Override
    protected @Nullable Long evictionCount() {
        return stats().evictions();
    }

    @Override
    protected long putCount() {
        CacheStats stats = stats();
        return stats.loads() + stats.puts();
    }

    @Override
    protected void bindImplementationSpecificMetrics(MeterRegistry registry) {
        Cache<?, ?> cache = getCache();
        if (cache != null) {
            bind(cache, registry);
        }
    }

    private void bind(Cache<?, ?> cache, MeterRegistry registry) {
        counter("cache.load", "Loads by how they ended", cache, registry)
                .count("result", "success", CacheStats::loads)
                .count("result", "failure", CacheStats::loadFailures);
        TimeGauge.builder("cache.load.duration", cache, TimeUnit.NANOSECONDS, CacheMeters::loadNanos)
                .tags(getTagsWithCacheName())
                .description("Time spent in loaders")
                .register(registry);
        counter("millpond.cache.hits", "Look-ups answered without the loader, by who answered", cache, registry)
                .count("source", "local", CacheStats::localHits)
                .count("source", "remote", CacheStats::remoteHits)
                .count("source", "stale", CacheStats::staleServed);
        counter("millpond.cache.payload", "Size of the payloads of Redis", cache, registry)
                .in(BaseUnits.BYTES)
                .count("direction", "read", CacheStats::bytesRead)
                .count("direction", "written", CacheStats::bytesWritten);
        counter("millpond.cache.events", "What else happened to look-ups, loads and entries", cache, registry)
                .count("event", "joined", CacheStats::joined)
                .count("event", "slow", CacheStats::slowLoads)
                .count("event", "refused", CacheStats::refusedLoads)
                .count("event", "refreshed-ahead", CacheStats::refreshesAhead)
                .count("event", "not-modified", CacheStats::notModified)
                .count("event", "invalidated", CacheStats::invalidations)
                .count("event", "dropped", CacheStats::invalidatedEntries)
                .count("event", "rejected", CacheStats::rejectedStores)
                .count("event", "unstorable", CacheStats::unstorable)
                .count("event", "unreadable", CacheStats::unreadable);
    }

    private static double loadNanos(Cache<?, ?> cache) {
        return cache.stats().totalLoadTime().toNanos();
    }

    private Counter counter(String name, String description, Cache<?, ?> cache, MeterRegistry registry) {
        return new Counter(name, description, cache, registry);
    }

    /** One meter with a value per tag. */
    private final class Counter {

        private final String name;
        private final String description;
        private final Cache<?, ?> cache;
        private final MeterRegistry registry;
        private @Nullable String unit;

        Counter(String name, String description, Cache<?, ?> cache, MeterRegistry registry) {
            this.name = name;
            this.description = description;
            this.cache = cache;
            this.registry = registry;
        }

        Counter in(String unit) {
            this.unit = unit;
            return this;
        }

        Counter count(String tag, String value, ToLongFunction<CacheStats> count) {
            FunctionCounter.builder(name, cache, measured -> count.applyAsLong(measured.stats()))
                    .tags(getTagsWithCacheName())
                    .tag(tag, value)
                    .description(description)
                    .baseUnit(unit)
                    .register(registry);
            return this;
        }
    }
}
