package dev.millpond.spring.internal.ratelimit;

import dev.millpond.ratelimit.Allowlist;
import dev.millpond.ratelimit.Denylist;
import dev.millpond.ratelimit.FailurePolicy;
import dev.millpond.ratelimit.RateLimitRules;
import dev.millpond.ratelimit.RateLimiter;
import dev.millpond.ratelimit.Tier;
import dev.millpond.ratelimit.TierResolver;
import dev.millpond.spring.MillpondProperties;
import dev.millpond.spring.RateLimitProperties;
import dev.millpond.spring.Tiers;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Turns properties into a rate limiter. */
public final class RateLimiterSetup {

    private RateLimiterSetup() {}

    /**
     * Returns a builder that is set up by properties.
     *
     * @param resolver knows the clients that the properties do not name; may be null
     */
    public static RateLimiter.Builder builder(
            MillpondProperties properties, Tiers tiers, @Nullable TierResolver resolver) {
        RateLimitProperties limits = properties.rateLimit();
        RateLimiter.Builder builder = RateLimiter.builder()
                .namespace(properties.namespace())
                .defaultTier(tiers.get(limits.defaultTier()))
                .tierOf(resolver(limits, tiers, resolver))
                .allowlist(allowlist(properties))
                .engine(limits.engine())
                .whenRedisIsDown(limits.whenRedisIsDown())
                .expectedNodes(limits.expectedNodes())
                .decisionTimeout(limits.decisionTimeout());
        limits.tiers().forEach((name, tier) -> {
            @Nullable FailurePolicy policy = tier.whenRedisIsDown();
            if (policy != null) {
                builder.whenRedisIsDown(tiers.get(name), policy);
            }
        });
        giveRules(builder, limits);
        @Nullable String secret = limits.secret();
        return secret == null ? builder : builder.secret(secret);
    }

    /** Gives only what is set, since a customizer may give the rest. */
    private static void giveRules(RateLimiter.Builder builder, RateLimitProperties limits) {
        RateLimitRules rules = ConfiguredRules.of(limits);
        if (!rules.equals(RateLimitRules.none())) {
            builder.rules(rules);
        }
        if (!limits.denylist().isEmpty()) {
            builder.denylist(Denylist.of(limits.denylist().toArray(new String[0])));
        }
    }

    private static Allowlist allowlist(MillpondProperties properties) {
        boolean limiting = properties.enabled()
                && !Boolean.FALSE.equals(properties.rateLimit().enabled());
        return limiting ? Allowlist.of(properties.rateLimit().allowlist().toArray(new String[0])) : client -> true;
    }

    private static TierResolver resolver(RateLimitProperties limits, Tiers tiers, @Nullable TierResolver resolver) {
        Map<@Nullable String, Tier> byKey = new HashMap<>();
        limits.clients().values().forEach(client -> byKey.put(client.key(), tiers.get(String.valueOf(client.tier()))));
        TierResolver others = resolver != null ? resolver : key -> Optional.empty();
        return key -> Optional.ofNullable(byKey.get(key)).or(() -> others.resolve(key));
    }
}
