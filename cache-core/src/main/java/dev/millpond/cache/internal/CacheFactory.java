package dev.millpond.cache.internal;

import dev.millpond.cache.BulkCacheLoader;
import dev.millpond.cache.Cache;
import dev.millpond.cache.Consistency;
import dev.millpond.cache.LoadingCache;
import dev.millpond.cache.spi.CacheStore;
import dev.millpond.cache.spi.ValueCodec;
import java.lang.reflect.Type;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Makes the caches of one registry and keeps them by name; thread-safe. */
final class CacheFactory {

    /** Within a process nobody dies with a load, so its callers wait for longer than other nodes do. */
    private static final int PATIENCE_IN_LEASE_TIMES = 6;

    private final RegistryParts registry;
    private final HotKeyUpkeep hotKeys;
    private final Waiters waiters = new Waiters();
    private final Executor loadThreads;
    private final Map<String, Cache<?, ?>> caches = new ConcurrentHashMap<>();

    CacheFactory(RegistryParts registry, HotKeyUpkeep hotKeys) {
        this.registry = registry;
        this.hotKeys = hotKeys;
        this.loadThreads = registry.observed().carrying(new LoadThreads());
        if (registry.store() != null) {
            registry.store().onRelease(waiters::wake);
        }
    }

    Map<String, Cache<?, ?>> caches() {
        return caches;
    }

    <K, V> Cache<K, V> cache(CacheSettings<V> settings, Type valueType) {
        return register(new TieredCache<>(this.<K, V>parts(settings, valueType)));
    }

    <K, V> LoadingCache<K, V> loadingCache(CacheSettings<V> settings, Type valueType, Loader<K, V> loader) {
        CacheParts<K, V> parts = parts(settings, valueType);
        return register(new TieredLoadingCache<>(parts, Loaders.oneByOne(loader, parts.local())));
    }

    <K, V> LoadingCache<K, V> bulkLoadingCache(
            CacheSettings<V> settings, Type valueType, BulkCacheLoader.WithContext<K, V> loader) {
        CacheParts<K, V> parts = parts(settings, valueType);
        return register(new TieredLoadingCache<>(parts, Loaders.atOnce(loader)));
    }

    private <C extends TieredCache<?, ?>> C register(C cache) {
        if (caches.putIfAbsent(cache.name(), cache) != null) {
            throw new IllegalStateException("Cache '" + cache.name()
                    + "' exists already in this registry. Give each cache a name of its own, or use find(...).");
        }
        HotKeyMemory<?> memory = cache.parts.hotKeys();
        if (memory != null) {
            hotKeys.add(memory);
        }
        return cache;
    }

    private <K, V> CacheParts<K, V> parts(CacheSettings<V> settings, Type valueType) {
        boolean strict = settings.consistency() == Consistency.STRICT && registry.store() != null;
        boolean keeps = !strict && settings.localMaximum() > 0;
        StatsCounter stats = new StatsCounter();
        KeyText keyText = new KeyText(settings.name(), settings.keyFormat());
        CacheSwitch allowed = new CacheSwitch(registry.modeOf(settings), keyText);
        EntryFactory entries = new EntryFactory(settings, registry.ticker(), registry.clock(), registry.random());
        EarlyExpiry early = new EarlyExpiry(settings.loading().refreshAhead(), registry.random());
        FailedLoads failures = new FailedLoads(settings, registry.table(), registry.ticker());
        return new CacheParts<>(
                settings,
                registry,
                keyText,
                OwnNames.of(settings.name()),
                allowed,
                new LocalTier<>(settings, allowed, keeps, registry.ticker(), registry.table(), early, stats),
                remoteTier(settings, allowed, strict, valueType, entries, stats),
                new SingleFlight<>(
                        settings.name(),
                        registry.table(),
                        strict ? registry.log()::check : null,
                        settings.leaseTime().multipliedBy(PATIENCE_IN_LEASE_TIMES)),
                new Bulkhead(settings.name(), settings.loading().maximumConcurrentLoads(), stats),
                new TimeLimits(settings, loadThreads),
                failures,
                early,
                new Loads(
                        settings,
                        entries,
                        registry.table(),
                        registry.ticker(),
                        failures,
                        early,
                        stats,
                        registry.observed()),
                entries,
                stats,
                hotKeys.memoryOf(settings, keyText, allowed));
    }

    private <V> RemoteTier<V> remoteTier(
            CacheSettings<V> settings,
            CacheSwitch allowed,
            boolean strict,
            Type valueType,
            EntryFactory entries,
            StatsCounter stats) {
        @Nullable CacheStore store = registry.store();
        if (store == null) {
            return new NoRemoteTier<>();
        }
        EntryFormat<V> format = new EntryFormat<>(
                payloadsOf(settings.name(), valueType), registry.codec().id(), settings.schemaVersion());
        StoreTier<V> tier = new StoreTier<>(
                store,
                StoreKeys.of(registry.namespace(), settings.name()),
                new EntryCodec<>(settings.name(), format, entries, settings.leaseTime(), registry, stats),
                new LeaseWait(settings.leaseTime(), registry.ticker(), waiters),
                strict ? registry.log()::check : () -> () -> true,
                stats);
        return new SwitchedRemoteTier<>(tier, allowed);
    }

    private <V> ValueCodec.Format<V> payloadsOf(String cache, Type valueType) {
        try {
            return registry.codec().forType(valueType);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("Cache '" + cache + "': " + e.getMessage(), e);
        }
    }
}
