package dev.millpond.spring;

import dev.millpond.ratelimit.RateLimiter;

/**
 * Changes how the rate limiter is built; give it as a bean.
 *
 * <p>Called after the properties are applied: what those set cannot be set again. Rules that it gives win over what
 * properties say of tiers, clients, lists and modes.
 */
@FunctionalInterface
public interface RateLimiterBuilderCustomizer {

    /** Changes the rate limiter. */
    void customize(RateLimiter.Builder builder);
}
