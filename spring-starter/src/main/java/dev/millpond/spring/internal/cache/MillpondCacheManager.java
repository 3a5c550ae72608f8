package dev.millpond.spring.internal.cache;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.cache.CacheBuilder;
import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.TypeRef;
import dev.millpond.cache.spi.CarryingExecutor;
import dev.millpond.cache.spi.LoadObserver;
import dev.millpond.runtime.SwitchMode;
import dev.millpond.spring.CacheBuilderCustomizer;
import java.lang.reflect.Type;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

/**
 * The caches of a registry as Spring sees them; thread-safe.
 *
 * <p>A cache that the application made in the registry is used as it is. Any other is made when it is first asked for,
 * for values of the type that the annotated methods declare.
 */
public final class MillpondCacheManager implements CacheManager, DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(MillpondCacheManager.class);

    private final CacheRegistry registry;
    private final Supplier<DeclaredCaches> declared;
    private final List<CacheBuilderCustomizer> customizers;
    private final Function<String, Supplier<SwitchMode>> modes;
    private final ThreadPoolTaskExecutor asyncThreads = asyncThreads();
    private final CarryingExecutor asyncReads;
    private final ConcurrentMap<String, Cache> caches = new ConcurrentHashMap<>();

    MillpondCacheManager(
            CacheRegistry registry,
            Supplier<DeclaredCaches> declared,
            List<CacheBuilderCustomizer> customizers,
            Function<String, Supplier<SwitchMode>> modes,
            @Nullable LoadObserver observer) {
        this.registry = registry;
        this.declared = declared;
        this.customizers = List.copyOf(customizers);
        this.modes = modes;
        this.asyncReads = new CarryingExecutor(asyncThreads, observer, Ticker.systemTicker());
    }

    /** Makes the caches that annotated methods name, so that they are there before the first call. */
    void makeDeclaredCaches() {
        declared.get().names().forEach(this::getCache);
    }

    @Override
    public Cache getCache(String name) {
        Cache known = caches.get(name);
        return known != null ? known : caches.computeIfAbsent(name, this::make);
    }

    @Override
    public Collection<String> getCacheNames() {
        Set<String> names = new TreeSet<>(caches.keySet());
        registry.caches().forEach(cache -> names.add(cache.name()));
        return names;
    }

    @SuppressWarnings("unchecked")
    private Cache make(String name) {
        dev.millpond.cache.Cache<?, ?> cache = registry.find(name).orElseGet(() -> build(name));
        Supplier<SwitchMode> mode = modes.apply(name);
        return new MillpondCache(
                (dev.millpond.cache.Cache<Object, Object>) cache,
                new AsyncReads(
                        asyncThreads, asyncReads::carried, () -> mode.get().coversAll()));
    }

    @Override
    public void destroy() {
        asyncThreads.shutdown();
    }

    private dev.millpond.cache.Cache<?, ?> build(String name) {
        Type type = declared.get()
                .typeOf(name)
                .filter(ValueType::isKnown)
                .map(ValueType::type)
                .orElseGet(() -> unknown(name));
        CacheBuilder<?> builder = registry.newCache(name, TypeRef.of(type));
        customizers.forEach(customizer -> customizer.customize(name, builder));
        return builder.build();
    }

    private Type unknown(String name) {
        log.warn(
                "The values of cache '{}' stay in this process, because {}. Make the cache with"
                        + " CacheRegistry.newCache(\"{}\", <type of its values>), and they are shared through Redis.",
                name,
                declared.get()
                        .typeOf(name)
                        .map(type -> "their type is not precise enough to read them back: " + type.describe())
                        .orElse("no @Cacheable or @CachePut method says their type"),
                name);
        return UnknownType.class;
    }

    private static ThreadPoolTaskExecutor asyncThreads() {
        ThreadPoolTaskExecutor threads = new ThreadPoolTaskExecutor();
        threads.setThreadNamePrefix("millpond-async-");
        threads.setDaemon(true);
        threads.setCorePoolSize(0);
        threads.setQueueCapacity(0);
        threads.initialize();
        return threads;
    }

    /** No value is of this type, so none can be written to Redis, where nobody could read it. */
    private interface UnknownType {}
}
