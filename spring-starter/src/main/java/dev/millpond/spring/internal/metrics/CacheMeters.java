package dev.millpond.spring.internal.metrics;

import dev.millpond.cache.Cache;
import dev.millpond.cache.CacheStats;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.cache.CacheMeterBinder;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** The meters of one cache: those that Micrometer has for all caches, and those of two levels and invalidations. */
final class CacheMeters extends CacheMeterBinder<Cache<?, ?>> {

    private final Cache<?, ?> cache;

    /*
     * Spring Boot gives the caches that it knows the tags "cache.manager" and "name" too, and Prometheus takes a meter
     * only with the same tags everywhere.
     */
    CacheMeters(Cache<?, ?> cache) {
        super(cache, cache.name(), Tags.of("cache.manager", "millpond", "name", cache.name()));
        this.cache = cache;
    }

    @Override
    protected Long size() {
        return cache.localSize();
    }

    @Override
    protected long hitCount() {
        CacheStats stats = cache.stats();
        return stats.localHits() + stats.remoteHits();
    }

    @Override
    protected Long missCount() {
        return cache.stats().misses();
    }

    @Override
    protected @Nullable Long evictionCount() {
        return cache.stats().evictions();
    }

    @Override
    protected long putCount() {
        return cache.stats().loads();
    }

    @Override
    protected void bindImplementationSpecificMetrics(MeterRegistry registry) {
        counter("cache.load", "Loads by how they ended", registry)
                .count("result", "success", CacheStats::loads)
                .count("result", "failure", CacheStats::loadFailures);
        TimeGauge.builder("cache.load.duration", cache, TimeUnit.NANOSECONDS, CacheMeters::loadNanos)
                .tags(getTagsWithCacheName())
                .description("Time spent in loaders")
                .register(registry);
        counter("millpond.cache.hits", "Look-ups answered without the loader, by who answered", registry)
                .count("source", "local", CacheStats::localHits)
                .count("source", "remote", CacheStats::remoteHits)
                .count("source", "stale", CacheStats::staleServed);
        counter("millpond.cache.events", "What else happened to look-ups, loads and entries", registry)
                .count("event", "joined", CacheStats::joined)
                .count("event", "slow", CacheStats::slowLoads)
                .count("event", "refused", CacheStats::refusedLoads)
                .count("event", "refreshed-ahead", CacheStats::refreshesAhead)
                .count("event", "invalidated", CacheStats::invalidations)
                .count("event", "rejected", CacheStats::rejectedStores)
                .count("event", "unstorable", CacheStats::unstorable)
                .count("event", "unreadable", CacheStats::unreadable);
    }

    private static double loadNanos(Cache<?, ?> cache) {
        return cache.stats().totalLoadTime().toNanos();
    }

    private Counter counter(String name, String description, MeterRegistry registry) {
        return new Counter(name, description, registry);
    }

    /** One meter with a value per tag. */
    private final class Counter {

        private final String name;
        private final String description;
        private final MeterRegistry registry;

        Counter(String name, String description, MeterRegistry registry) {
            this.name = name;
            this.description = description;
            this.registry = registry;
        }

        Counter count(String tag, String value, ToLongFunction<CacheStats> count) {
            FunctionCounter.builder(name, cache, measured -> count.applyAsLong(measured.stats()))
                    .tags(getTagsWithCacheName())
                    .tag(tag, value)
                    .description(description)
                    .register(registry);
            return this;
        }
    }
}
