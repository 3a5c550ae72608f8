package dev.millpond.spring;

import dev.millpond.cache.CacheRegistry;

/**
 * Changes how the registry of caches is built; give it as a bean.
 *
 * <p>Called after the properties are applied: what those set, the namespace and Redis, cannot be set again.
 */
@FunctionalInterface
public interface CacheRegistryBuilderCustomizer {

    /** Changes the registry. */
    void customize(CacheRegistry.Builder builder);
}
