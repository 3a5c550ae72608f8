package dev.millpond.spring.internal.metrics;

import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.InvalidationStats;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** The meters of what this node knows of invalidations. */
final class InvalidationMeters implements MeterBinder {

    private final CacheRegistry caches;

    InvalidationMeters(CacheRegistry caches) {
        this.caches = caches;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        gauge(
                "trusted",
                "1 if this node knows every invalidation up to the bound, else 0",
                stats -> stats.trusted() ? 1 : 0,
                registry);
        time("bound", "No read misses an invalidation that completed longer ago", InvalidationStats::bound, registry);
        time("age", "Time since the latest proof that no invalidation is missing", InvalidationStats::age, registry);
        gauge("lag", "Invalidations that this node has heard of and not applied", InvalidationStats::lag, registry);
        gauge("pending", "Names invalidated here that Redis has not taken yet", InvalidationStats::pending, registry);
        count("gaps", "Invalidations heard of without those before them", InvalidationStats::gaps, registry);
        count("flushes", "Times that all entries were distrusted at once", InvalidationStats::flushes, registry);
    }

    private void gauge(
            String name, String description, ToDoubleFunction<InvalidationStats> value, MeterRegistry registry) {
        Gauge.builder(fullName(name), caches, measured -> value.applyAsDouble(measured.invalidationStats()))
                .description(description)
                .register(registry);
    }

    private void time(
            String name, String description, Function<InvalidationStats, Duration> value, MeterRegistry registry) {
        TimeGauge.builder(
                        fullName(name),
                        caches,
                        TimeUnit.NANOSECONDS,
                        measured -> value.apply(measured.invalidationStats()).toNanos())
                .description(description)
                .register(registry);
    }

    private void count(
            String name, String description, ToDoubleFunction<InvalidationStats> value, MeterRegistry registry) {
        FunctionCounter.builder(fullName(name), caches, measured -> value.applyAsDouble(measured.invalidationStats()))
                .description(description)
                .register(registry);
    }

    private static String fullName(String name) {
        return "millpond.cache.invalidations." + name;
    }
}
