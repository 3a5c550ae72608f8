package dev.millpond.cache;

import dev.millpond.runtime.HealthReport.Status;
import dev.millpond.runtime.spi.HealthSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToLongFunction;

/**
 * What the caches of a registry say of themselves, for a {@link dev.millpond.runtime.HealthMonitor}.
 *
 * <p>The check {@code invalidations} is {@code known}, or {@code unknown} while this node cannot prove that it misses
 * none and so answers from its loaders; the rate {@code hitRate} is that of all its caches together. Thread-safe.
 */
public final class CacheHealth implements HealthSource {

    private final CacheRegistry caches;

    private CacheHealth(CacheRegistry caches) {
        this.caches = caches;
    }

    /**
     * Returns what to give to the health monitor; the registry stays open.
     *
     * @throws NullPointerException if the registry is null
     */
    public static CacheHealth of(CacheRegistry caches) {
        return new CacheHealth(Objects.requireNonNull(
                caches, "Cache health: registry is null. Give the application's CacheRegistry."));
    }

    @Override
    public List<Check> checks() {
        boolean trusted = caches.invalidationStats().trusted();
        return List.of(
                new Check("invalidations", trusted ? "known" : "unknown", trusted ? Status.UP : Status.DEGRADED));
    }

    @Override
    public Map<String, Number> metrics() {
        return Map.of("caches", caches.caches().size());
    }

    @Override
    public List<Rate> rates() {
        return List.of(new Rate(
                "hitRate",
                () -> sum(stats -> stats.localHits() + stats.remoteHits()),
                () -> sum(CacheStats::requests)));
    }

    private long sum(ToLongFunction<CacheStats> count) {
        return caches.caches().stream()
                .mapToLong(cache -> count.applyAsLong(cache.stats()))
                .sum();
    }
}
