package dev.millpond.spring.internal.metrics;

import dev.millpond.cache.CacheRegistry;
import dev.millpond.spring.internal.cache.ConfiguredCacheRegistry;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/** Binds the meters of all caches of a registry, also of those that are made later. */
public final class CacheMetersBinder implements MeterBinder {

    private final CacheRegistry caches;

    /** Creates it; of a registry that the application made itself only the caches made so far are known. */
    public CacheMetersBinder(CacheRegistry caches) {
        this.caches = caches;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        new InvalidationMeters(caches).bindTo(registry);
        if (caches instanceof ConfiguredCacheRegistry configured) {
            configured.observe(cache -> new CacheMeters(cache).bindTo(registry));
        } else {
            caches.caches().forEach(cache -> new CacheMeters(cache).bindTo(registry));
        }
    }
}
