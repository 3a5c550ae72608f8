package dev.millpond.cache.internal;

import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.spi.CacheStore;
import dev.millpond.cache.spi.InvalidationLog;
import dev.millpond.testkit.FakeTicker;
import java.time.Duration;

/** Makes registries over any store and log, for tests. */
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

    /** Makes a registry whose only clock is the ticker, and which trusts its log for two seconds. */
    static CacheRegistry of(FakeTicker time, CacheStore store, InvalidationLog log) {
        RegistryBuilder builder = new RegistryBuilder();
        builder.namespace("test").ticker(time).clock(time);
        return builder.build(store, log, Duration.ofSeconds(2));
    }
}
