package dev.millpond.spring.internal.cache;

import dev.millpond.cache.Cache;
import dev.millpond.cache.CacheBuilder;
import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.InvalidationStats;
import dev.millpond.cache.Tag;
import dev.millpond.cache.TypeRef;
import dev.millpond.cache.spi.LookupListener;
import dev.millpond.spring.CacheProperties;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A registry whose caches take their settings from properties too; thread-safe. */
public final class ConfiguredCacheRegistry implements CacheRegistry {

    private final CacheRegistry registry;
    private final CacheProperties properties;
    private final List<Consumer<Cache<?, ?>>> observers = new CopyOnWriteArrayList<>();

    /** Creates it over the registry that makes the caches. */
    public ConfiguredCacheRegistry(CacheRegistry registry, CacheProperties properties) {
        this.registry = registry;
        this.properties = properties;
    }

    /**
     * Calls the observer with each cache that is there, or made from now on; possibly twice with one made meanwhile.
     */
    public void observe(Consumer<Cache<?, ?>> observer) {
        observers.add(observer);
        registry.caches().forEach(observer);
    }

    @Override
    public <V> CacheBuilder<V> newCache(String name, Class<V> valueType) {
        return configured(name, registry.newCache(name, valueType));
    }

    @Override
    public <V> CacheBuilder<V> newCache(String name, TypeRef<V> valueType) {
        return configured(name, registry.newCache(name, valueType));
    }

    private <V> CacheBuilder<V> configured(String name, CacheBuilder<V> builder) {
        return new ConfiguredCacheBuilder<>(builder, properties.ofCache(name), properties.commonOf(name), this::made);
    }

    private void made(Cache<?, ?> cache) {
        observers.forEach(observer -> observer.accept(cache));
    }

    @Override
    public Optional<Cache<?, ?>> find(String name) {
        return registry.find(name);
    }

    @Override
    public Collection<Cache<?, ?>> caches() {
        return registry.caches();
    }

    @Override
    public void invalidate(Tag... tags) {
        registry.invalidate(tags);
    }

    @Override
    public InvalidationStats invalidationStats() {
        return registry.invalidationStats();
    }

    @Override
    public void addLookupListener(LookupListener listener) {
        registry.addLookupListener(listener);
    }

    @Override
    public void removeLookupListener(LookupListener listener) {
        registry.removeLookupListener(listener);
    }

    @Override
    public void close() {
        registry.close();
    }
}
