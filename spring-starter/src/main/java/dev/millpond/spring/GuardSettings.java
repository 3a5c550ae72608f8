package dev.millpond.spring;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The settings of the guard, a limit per address that all requests have to pass before Spring Security; immutable.
 *
 * @param tier The name of its tier, which must not be the default tier; there is no guard if it is not set.
 * @param filterOrder Place of its filter among the others; by default before Spring Security, which is at -100.
 */
public record GuardSettings(
        @Nullable String tier, @DefaultValue("-110") int filterOrder) {

    void check(String prefix, Tiers known, String defaultTier) {
        if (tier != null) {
            known.checkFurther(prefix + ".tier", tier, defaultTier);
        }
    }
}
