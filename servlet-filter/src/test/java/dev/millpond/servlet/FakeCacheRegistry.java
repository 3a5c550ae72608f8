package dev.millpond.servlet;

import dev.millpond.cache.Cache;
import dev.millpond.cache.CacheBuilder;
import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.CacheResult.Source;
import dev.millpond.cache.InvalidationStats;
import dev.millpond.cache.Tag;
import dev.millpond.cache.TypeRef;
import dev.millpond.cache.spi.LookupListener;
import dev.millpond.cache.spi.LookupListener.Lookup;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** A registry without caches whose look-ups are made by hand. */
public final class FakeCacheRegistry implements CacheRegistry {

    private final List<LookupListener> listeners = new CopyOnWriteArrayList<>();

    /** Tells the listeners of a hit in this process, fresh for so many seconds. */
    public void hit(String cache, long secondsToLive) {
        lookup(lookup(cache, Source.LOCAL, secondsToLive));
    }

    /** Tells the listeners of a value that was loaded and stored for ten minutes. */
    public void load(String cache) {
        lookup(new Lookup(cache, Source.LOADER, Duration.ZERO, Duration.ofMinutes(10), true, false, false));
    }

    public void lookup(Lookup lookup) {
        listeners.forEach(listener -> listener.onLookup(lookup));
    }

    public static Lookup lookup(String cache, Source source, long secondsToLive) {
        return new Lookup(cache, source, Duration.ofSeconds(1), Duration.ofSeconds(secondsToLive), false, false, false);
    }

    @Override
    public void addLookupListener(LookupListener listener) {
        listeners.add(listener);
    }

    @Override
    public void removeLookupListener(LookupListener listener) {
        listeners.remove(listener);
    }

    public int listeners() {
        return listeners.size();
    }

    @Override
    public <V> CacheBuilder<V> newCache(String name, Class<V> valueType) {
        throw new AssertionError("has no caches");
    }

    @Override
    public <V> CacheBuilder<V> newCache(String name, TypeRef<V> valueType) {
        throw new AssertionError("has no caches");
    }

    @Override
    public Optional<Cache<?, ?>> find(String name) {
        return Optional.empty();
    }

    @Override
    public Collection<Cache<?, ?>> caches() {
        return List.of();
    }

    @Override
    public void invalidate(Tag... tags) {}

    @Override
    public InvalidationStats invalidationStats() {
        return new InvalidationStats(true, Duration.ZERO, Duration.ZERO, 0, 0, 0, 0);
    }

    @Override
    public void close() {}
}
