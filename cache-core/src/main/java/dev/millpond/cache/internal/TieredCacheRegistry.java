package dev.millpond.cache.internal;

import dev.millpond.cache.Cache;
import dev.millpond.cache.CacheBuilder;
import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.InvalidationStats;
import dev.millpond.cache.Tag;
import dev.millpond.cache.TypeRef;
import dev.millpond.cache.spi.LookupListener;
import dev.millpond.runtime.spi.GivenSettings;
import java.lang.reflect.Type;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The caches of one namespace. */
final class TieredCacheRegistry implements CacheRegistry {

    private final RegistryParts parts;
    private final CacheFactory factory;
    private final AsyncExecutor ownExecutor;
    private final HotKeyUpkeep hotKeys;

    TieredCacheRegistry(RegistryParts parts, AsyncExecutor ownExecutor, HotKeyUpkeep hotKeys) {
        this.parts = parts;
        this.factory = new CacheFactory(parts, hotKeys);
        this.ownExecutor = ownExecutor;
        this.hotKeys = hotKeys;
    }

    @Override
    public <V> CacheBuilder<V> newCache(String name, Class<V> valueType) {
        return newCache(name, (Type) notNull(name, valueType));
    }

    @Override
    public <V> CacheBuilder<V> newCache(String name, TypeRef<V> valueType) {
        return newCache(name, notNull(name, valueType).type());
    }

    private static <T> T notNull(String name, T valueType) {
        return new GivenSettings("Cache '" + name + "'")
                .notNull("value type", valueType, "Give the class of its values, or a TypeRef.");
    }

    private <V> CacheBuilder<V> newCache(String name, Type valueType) {
        return new SettingsBuilder<>(Checks.cacheName(name), valueType, factory);
    }

    @Override
    public Optional<Cache<?, ?>> find(String name) {
        return Optional.ofNullable(factory.caches().get(name));
    }

    @Override
    public Collection<Cache<?, ?>> caches() {
        return List.copyOf(factory.caches().values());
    }

    @Override
    public void invalidate(Tag... tags) {
        if (tags.length > 0) {
            parts.append(Names.changesOfTags(tags));
        }
    }

    @Override
    public InvalidationStats invalidationStats() {
        return parts.table().stats(parts.log().progress());
    }

    @Override
    public void addLookupListener(LookupListener listener) {
        parts.listeners().add(listener);
    }

    @Override
    public void removeLookupListener(LookupListener listener) {
        parts.listeners().remove(listener);
    }

    @Override
    public void close() {
        hotKeys.close();
        parts.log().close();
        ownExecutor.close();
    }
}
