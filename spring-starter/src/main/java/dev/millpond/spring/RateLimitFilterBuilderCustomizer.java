package dev.millpond.spring;

import dev.millpond.servlet.RateLimitFilter;

/**
 * Changes how the rate-limit filter is built, for example what a request costs; give it as a bean.
 *
 * <p>Called after the properties are applied: what those set, the sources of keys, the paths, the dialect and the
 * trusted proxies, cannot be set again.
 */
@FunctionalInterface
public interface RateLimitFilterBuilderCustomizer {

    /** Changes the filter. */
    void customize(RateLimitFilter.Builder builder);
}
