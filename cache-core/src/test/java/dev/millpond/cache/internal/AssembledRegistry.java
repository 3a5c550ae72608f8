package dev.millpond.cache.internal;

import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.spi.CacheStore;
import dev.millpond.cache.spi.InvalidationLog;
import java.time.Duration;

/** Makes registries over any store and log, for tests in other packages. */
public final class AssembledRegistry {

    private AssembledRegistry() {}

    /**
     * Makes a registry.
     *
     * @param bound how long after its last confirmation by the log the registry answers from what it has
     */
    public static CacheRegistry of(String namespace, CacheStore store, InvalidationLog log, Duration bound) {
        RegistryBuilder builder = new RegistryBuilder();
        builder.namespace(namespace);
        return builder.build(store, log, bound);
    }
}
