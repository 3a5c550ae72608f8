package dev.millpond.spring;

import dev.millpond.ratelimit.Allowlist;
import dev.millpond.ratelimit.Denylist;
import dev.millpond.ratelimit.FailurePolicy;
import dev.millpond.ratelimit.RateLimiter;
import dev.millpond.ratelimit.RedisEngine;
import dev.millpond.servlet.HeaderDialect;
import dev.millpond.spring.internal.properties.ClientKeySource;
import dev.millpond.spring.internal.properties.InvalidPropertyException;
import dev.millpond.spring.internal.properties.Modes;
import dev.millpond.spring.internal.properties.PropertyCheck;
import dev.millpond.spring.internal.properties.StatusPatterns;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The settings of rate limits; immutable.
 *
 * @param enabled Whether requests are limited; if not set, they are as soon as another rate-limit property is set or
 *     there is a TierResolver bean.
 * @param clientKey Where the key of a request is looked for - 'header:NAME', 'bearer', 'principal'.
 * @param unknownKeys What becomes of requests with a key that nobody has - by-address, they are counted by address and
 *     served, or refuse, with status 401.
 * @param defaultTier Tier of requests without a known key, which are counted by address.
 * @param tiers Tiers by name, besides free, standard, pro and enterprise; a limit under one of these names replaces
 *     that tier, and without one it keeps what is not said.
 * @param clients Clients by a name of your choice; for more than a handful give a TierResolver bean instead.
 * @param allowlist Addresses, networks in CIDR notation, and keys that are never limited.
 * @param denylist Addresses, networks in CIDR notation, and keys that are always denied, unless they are on the
 *     allowlist too.
 * @param mode What limits do - off, shadow, which counts but denies nobody, enforce, or a share of the clients to
 *     enforce them for, such as 25%.
 * @param engine How Redis decides - script or cas, which is compare-and-swap; both keep the same buckets.
 * @param whenRedisIsDown What tiers do while Redis is away - limit-locally, allow or deny.
 * @param expectedNodes Among how many nodes a limit is divided while each limits on its own; if not set, as many as are
 *     alive, counted in Redis.
 * @param decisionTimeout How long a request waits for Redis at most.
 * @param secret Secret of the digests under which keys and addresses are stored in Redis; at least 16 characters, the
 *     same on all nodes.
 * @param headerDialect Which response fields tell clients what is left - ietf-draft-11, x-ratelimit-delta,
 *     x-ratelimit-epoch or none.
 * @param paths Patterns of the paths that are limited, within the application.
 * @param excludedPaths Patterns of paths that are not limited.
 * @param routes Routes by name: parts of the application with a cost or a further limit. Of several that match, the one
 *     with the most specific path counts.
 * @param guard A limit per address before Spring Security.
 * @param refundOnStatus Response statuses for which a request gets its tokens back, such as 304 or 5xx.
 * @param trustedProxies Addresses and networks of proxies whose X-Forwarded-For and Forwarded fields are believed.
 * @param filterOrder Place of the filter among the others; by default right after Spring Security, which is at -100.
 */
public record RateLimitProperties(
        @Nullable Boolean enabled,
        @DefaultValue("header:X-API-Key") List<String> clientKey,
        @DefaultValue("by-address") UnknownKeys unknownKeys,
        @DefaultValue("free") String defaultTier,
        @DefaultValue Map<String, TierSettings> tiers,
        @DefaultValue Map<String, ClientSettings> clients,
        @DefaultValue List<String> allowlist,
        @DefaultValue List<String> denylist,
        @DefaultValue("enforce") String mode,
        @DefaultValue("script") RedisEngine engine,
        @DefaultValue("limit-locally") FailurePolicy whenRedisIsDown,
        @Nullable Integer expectedNodes,
        @DefaultValue("50ms") Duration decisionTimeout,
        @Nullable String secret,
        @DefaultValue("ietf-draft-11") HeaderDialect headerDialect,
        @DefaultValue("/**") List<String> paths,
        @DefaultValue List<String> excludedPaths,
        @DefaultValue Map<String, RouteSettings> routes,
        @DefaultValue @NestedConfigurationProperty GuardSettings guard,
        @DefaultValue List<String> refundOnStatus,
        @DefaultValue List<String> trustedProxies,
        @DefaultValue("-90") int filterOrder) {

    private static final String PREFIX = "millpond.rate-limit";
    private static final int SHORTEST_SECRET = 16;

    /** Checks the ranges, and that every tier that is named exists. */
    public RateLimitProperties {
        tiers = Map.copyOf(tiers);
        clients = Map.copyOf(clients);
        routes = Map.copyOf(routes);
        Tiers.checkAll(tiers);
        Tiers known = Tiers.of(tiers);
        known.check(PREFIX + ".default-tier", defaultTier);
        clients.forEach((name, client) -> client.check(PREFIX + ".clients." + name, known));
        ClientSettings.checkKeysDiffer(PREFIX + ".clients.", clients);
        routes.forEach((name, route) -> route.check(PREFIX + ".routes." + name, known, defaultTier));
        guard.check(PREFIX + ".guard", known, defaultTier);
        PropertyCheck.check(
                PREFIX + ".expected-nodes",
                expectedNodes,
                RateLimiter.builder()::expectedNodes,
                "Give the number of nodes that usually run.");
        PropertyCheck.check(
                PREFIX + ".decision-timeout",
                decisionTimeout,
                RateLimiter.builder()::decisionTimeout,
                "Give a duration such as 50ms.");
        ClientKeySource.checkAll(PREFIX + ".client-key", clientKey);
        StatusPatterns.parse(PREFIX + ".refund-on-status", refundOnStatus);
        Modes.parse(PREFIX + ".mode", mode);
        checkClients(PREFIX + ".allowlist", allowlist, Allowlist::of);
        checkClients(PREFIX + ".denylist", denylist, Denylist::of);
        checkSecret(secret);
    }

    private static void checkClients(String property, List<String> clients, Consumer<String[]> rule) {
        try {
            rule.accept(clients.toArray(new String[0]));
        } catch (IllegalArgumentException e) {
            throw PropertyCheck.refused(property, e, "Give addresses, networks such as 10.0.0.0/8, or API keys.");
        }
    }

    private static void checkSecret(@Nullable String secret) {
        if (secret != null && secret.length() < SHORTEST_SECRET) {
            throw new InvalidPropertyException(
                    PREFIX + ".secret",
                    "has " + secret.length() + " characters, must have at least " + SHORTEST_SECRET + ".",
                    "Give a random text of 32 characters, the same on all nodes.");
        }
    }

    /** Returns a text without the secret and without keys. */
    @Override
    public String toString() {
        return "RateLimitProperties[defaultTier=" + defaultTier + ", tiers=" + tiers + ", clients=" + clients + "]";
    }
}
