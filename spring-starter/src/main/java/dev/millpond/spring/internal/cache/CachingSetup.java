package dev.millpond.spring.internal.cache;

import dev.millpond.cache.CacheRegistry;
import dev.millpond.spring.CacheBuilderCustomizer;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.cache.CacheManager;
import org.springframework.cache.interceptor.AbstractCacheResolver;
import org.springframework.cache.interceptor.CacheAspectSupport;
import org.springframework.cache.interceptor.CacheOperationSource;
import org.springframework.cache.interceptor.CacheResolver;
import org.springframework.util.function.SingletonSupplier;

/** Makes the cache manager of annotated methods, and prepares these methods once all beans are there. */
public final class CachingSetup implements SmartInitializingSingleton {

    private final ConfigurableListableBeanFactory beans;
    private final MillpondCacheManager cacheManager;

    /** Creates it for the bean of this name. */
    public CachingSetup(ConfigurableListableBeanFactory beans, MillpondCacheManager cacheManager) {
        this.beans = beans;
        this.cacheManager = cacheManager;
    }

    /**
     * Returns a cache manager over a registry.
     *
     * @param name the name of its bean, by which annotations may refer to it
     */
    public static MillpondCacheManager cacheManager(
            String name,
            CacheRegistry registry,
            ConfigurableListableBeanFactory beans,
            List<CacheBuilderCustomizer> customizers) {
        SingletonSupplier<DeclaredCaches> declared =
                SingletonSupplier.of(() -> CachedMethods.find(beans, beans.getBean(CacheOperationSource.class), name));
        return new MillpondCacheManager(registry, declared::obtain, customizers);
    }

    /** Makes the annotated methods loaders of their caches, and makes the caches. */
    @Override
    public void afterSingletonsInstantiated() {
        beans.getBeanProvider(CacheAspectSupport.class).stream()
                .filter(this::usesOurs)
                .forEach(CachingSetup::readThrough);
        cacheManager.makeDeclaredCaches();
    }

    private boolean usesOurs(CacheAspectSupport aspect) {
        CacheResolver resolver = aspect.getCacheResolver();
        if (resolver == null) {
            ObjectProvider<CacheManager> managers = beans.getBeanProvider(CacheManager.class);
            return managers.getIfUnique() == cacheManager;
        }
        return resolver instanceof AbstractCacheResolver byName && byName.getCacheManager() == cacheManager;
    }

    private static void readThrough(CacheAspectSupport aspect) {
        CacheOperationSource operations = aspect.getCacheOperationSource();
        if (operations != null) {
            aspect.setCacheOperationSource(new ReadThroughOperations(operations));
        }
    }
}
