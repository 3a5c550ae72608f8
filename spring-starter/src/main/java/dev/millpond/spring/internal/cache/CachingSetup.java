package dev.millpond.spring.internal.cache;

import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.spi.LoadObserver;
import dev.millpond.runtime.Switch;
import dev.millpond.runtime.SwitchMode;
import dev.millpond.runtime.Switches;
import dev.millpond.spring.CacheBuilderCustomizer;
import dev.millpond.spring.CacheProperties;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.cache.CacheManager;
import org.springframework.cache.interceptor.AbstractCacheResolver;
import org.springframework.cache.interceptor.CacheAspectSupport;
import org.springframework.cache.interceptor.CacheOperationSource;
import org.springframework.cache.interceptor.CacheResolver;
import org.springframework.context.expression.BeanFactoryResolver;
import org.springframework.util.function.SingletonSupplier;

/** Makes the cache manager of annotated methods, and prepares these methods once all beans are there. */
public final class CachingSetup implements SmartInitializingSingleton {

    private final ConfigurableListableBeanFactory beans;
    private final CacheManager cacheManager;

    /** Creates it for the methods of these beans; it does nothing if the cache manager is another than Millpond's. */
    public CachingSetup(ConfigurableListableBeanFactory beans, CacheManager cacheManager) {
        this.beans = beans;
        this.cacheManager = cacheManager;
    }

    /**
     * Returns a cache manager over a registry.
     *
     * @param name the name of its bean, by which annotations may refer to it
     * @param switches that the registry goes by
     * @param observer that the registry has; null if there is none
     */
    public static CacheManager cacheManager(
            String name,
            CacheRegistry registry,
            Switches switches,
            CacheProperties properties,
            ConfigurableListableBeanFactory beans,
            List<CacheBuilderCustomizer> customizers,
            @Nullable LoadObserver observer) {
        SingletonSupplier<DeclaredCaches> declared =
                SingletonSupplier.of(() -> CachedMethods.find(beans, beans.getBean(CacheOperationSource.class), name));
        return new MillpondCacheManager(
                new ConfiguredCacheRegistry(registry, properties),
                declared::obtain,
                customizers,
                cache -> switches.follow(
                        Switch.cache(cache),
                        SwitchMode.of(
                                !Boolean.FALSE.equals(properties.ofCache(cache).enabled())),
                        SwitchMode.of(properties.enabled())),
                observer);
    }

    /** Makes the annotated methods loaders of their caches, and makes the caches. */
    @Override
    public void afterSingletonsInstantiated() {
        if (cacheManager instanceof MillpondCacheManager ours) {
            beans.getBeanProvider(CacheAspectSupport.class).stream()
                    .filter(this::usesOurs)
                    .forEach(aspect -> readThrough(aspect, ours));
            ours.makeDeclaredCaches();
        }
    }

    /** Beans are compared as objects: which of two equal managers it is matters. */
    @SuppressWarnings("ReferenceEquality")
    private boolean usesOurs(CacheAspectSupport aspect) {
        CacheResolver resolver = aspect.getCacheResolver();
        if (resolver == null) {
            ObjectProvider<CacheManager> managers = beans.getBeanProvider(CacheManager.class);
            return managers.getIfUnique() == cacheManager;
        }
        return resolver instanceof AbstractCacheResolver byName && byName.getCacheManager() == cacheManager;
    }

    @SuppressWarnings("ReferenceEquality")
    private boolean isOurs(String name, MillpondCacheManager ours) {
        return beans.containsBean(name) && beans.getBean(name) == ours;
    }

    private void readThrough(CacheAspectSupport aspect, MillpondCacheManager ours) {
        CacheOperationSource operations = aspect.getCacheOperationSource();
        if (operations != null) {
            ReadThroughOperations readThrough = new ReadThroughOperations(operations, name -> isOurs(name, ours));
            aspect.setCacheOperationSource(readThrough);
            aspect.setCacheResolver(new MillpondCacheResolver(ours, readThrough, new BeanFactoryResolver(beans)));
        }
    }
}
