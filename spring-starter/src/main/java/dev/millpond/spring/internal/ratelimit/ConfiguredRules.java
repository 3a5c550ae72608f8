package dev.millpond.spring.internal.ratelimit;

import dev.millpond.ratelimit.Client;
import dev.millpond.ratelimit.RateLimitMode;
import dev.millpond.ratelimit.RateLimitRules;
import dev.millpond.ratelimit.RateLimiter;
import dev.millpond.ratelimit.spi.IpAddress;
import dev.millpond.spring.RateLimitProperties;
import dev.millpond.spring.Tiers;
import dev.millpond.spring.internal.properties.Modes;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Lays the rules that a customizer gave over those that properties make; not thread-safe. */
final class ConfiguredRules {

    private static final String PREFIX = "millpond.rate-limit.";

    private final RateLimiter limiter;
    private final RateLimitRules customized;

    /** Names of tiers that were ever defined: without a definition in rules, some would keep the last one. */
    private Set<String> defined = Set.of();

    /**
     * Creates it.
     *
     * @param limiter whose base rules are those of the customizer so far
     */
    ConfiguredRules(RateLimiter limiter) {
        this.limiter = limiter;
        this.customized = limiter.baseRules();
    }

    /** Returns what puts the rules of properties in force. */
    Runnable prepare(RateLimitProperties properties) {
        Set<String> names = definedBy(properties);
        RateLimitRules rules = tiers(properties, names)
                .overlaidBy(modes(properties), clients(properties), lists(properties), customized);
        return () -> {
            defined = names;
            limiter.replaceBaseRules(rules);
        };
    }

    private Set<String> definedBy(RateLimitProperties properties) {
        Set<String> names = new HashSet<>(defined);
        properties.tiers().forEach((name, tier) -> {
            if (tier.definesLimits()) {
                names.add(name);
            }
        });
        return names;
    }

    private static RateLimitRules tiers(RateLimitProperties properties, Set<String> names) {
        Tiers tiers = Tiers.of(properties);
        return names.stream()
                .flatMap(name -> tiers.find(name).stream())
                .map(RateLimitRules.none()::withTier)
                .reduce(RateLimitRules.none(), RateLimitRules::overlaidBy);
    }

    private static RateLimitRules modes(RateLimitProperties properties) {
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

    private RateLimitRules clients(RateLimitProperties properties) {
        Tiers tiers = Tiers.of(properties);
        return RateLimitRules.none()
                .withTiersOf(properties.clients().values().stream()
                        .collect(Collectors.toMap(
                                client -> digestOfKey(String.valueOf(client.key())),
                                client -> tiers.get(String.valueOf(client.tier())))));
    }

    private RateLimitRules lists(RateLimitProperties properties) {
        Map<String, Instant> bans = known(properties.denylist())
                .distinct()
                .collect(Collectors.toMap(who -> who, who -> RateLimitRules.FOR_GOOD));
        return RateLimitRules.none()
                .withBans(bans)
                .withAllowed(known(properties.allowlist()).toArray(String[]::new));
    }

    /** Returns by what rules know the entries of a list; what is no network is a key. */
    private Stream<String> known(List<String> entries) {
        return entries.stream().map(String::strip).map(entry -> isNetwork(entry) ? entry : digestOfKey(entry));
    }

    private static boolean isNetwork(String entry) {
        return IpAddress.parse(entry.split("/", 2)[0]).isPresent();
    }

    private String digestOfKey(String key) {
        return limiter.digestOf(Client.ofKey(key));
    }
}
