package dev.millpond.spring.internal.ratelimit;

import dev.millpond.ratelimit.RateLimitMode;
import dev.millpond.ratelimit.RateLimitRules;
import dev.millpond.spring.RateLimitProperties;
import dev.millpond.spring.internal.properties.Modes;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The rules that properties make. */
final class ConfiguredRules {

    private static final String PREFIX = "millpond.rate-limit.";

    private ConfiguredRules() {}

    /** Returns the modes of the properties; no rules if all of them are the default. */
    static RateLimitRules of(RateLimitProperties properties) {
        RateLimitRules rules = RateLimitRules.none();
        RateLimitMode mode = Modes.parse(PREFIX + "mode", properties.mode());
        if (!mode.equals(RateLimitMode.ENFORCE)) {
            rules = rules.withMode(mode);
        }
        for (Map.Entry<String, RateLimitMode> tier : modesOfTiers(properties).entrySet()) {
            rules = rules.withModeOfTier(tier.getKey(), tier.getValue());
        }
        for (Map.Entry<String, RateLimitMode> route : modesOfRoutes(properties).entrySet()) {
            rules = rules.withModeOfRoute(route.getKey(), route.getValue());
        }
        return rules;
    }

    private static Map<String, RateLimitMode> modesOfTiers(RateLimitProperties properties) {
        Map<String, RateLimitMode> modes = new HashMap<>();
        properties.tiers().forEach((name, tier) -> put(modes, "tiers.", name, tier.mode()));
        return modes;
    }

    private static Map<String, RateLimitMode> modesOfRoutes(RateLimitProperties properties) {
        Map<String, RateLimitMode> modes = new HashMap<>();
        properties.routes().forEach((name, route) -> put(modes, "routes.", name, route.mode()));
        return modes;
    }

    private static void put(Map<String, RateLimitMode> modes, String kind, String name, @Nullable String mode) {
        if (mode != null) {
            modes.put(name, Modes.parse(PREFIX + kind + name + ".mode", mode));
        }
    }
}
