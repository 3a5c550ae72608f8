package dev.millpond.spring;

import dev.millpond.cache.CacheBuilder;

/**
 * Changes how caches are built that annotations such as {@code @Cacheable} name; give it as a bean.
 *
 * <p>Properties of the single cache overrule it, and properties of all caches fill in what it leaves open. Caches that
 * the application makes itself are not affected.
 */
@FunctionalInterface
public interface CacheBuilderCustomizer {

    /**
     * Changes one cache; each setting can be made once.
     *
     * @param name the name of the cache
     * @param builder the builder of the cache
     */
    void customize(String name, CacheBuilder<?> builder);
}
