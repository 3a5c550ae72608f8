package dev.millpond.spring.internal.ratelimit;

import dev.millpond.ratelimit.FailurePolicy;
import dev.millpond.ratelimit.RateLimiter;
import dev.millpond.ratelimit.TierResolver;
import dev.millpond.spring.MillpondProperties;
import dev.millpond.spring.RateLimitProperties;
import dev.millpond.spring.Tiers;
import org.jspecify.annotations.Nullable;

/** Turns properties into a rate limiter. */
public final class RateLimiterSetup {

    private RateLimiterSetup() {}

    /**
     * Returns a builder that is set up by the properties that count for as long as the limiter runs.
     *
     * @param resolver knows the clients that the properties do not name; may be null
     */
    public static RateLimiter.Builder builder(MillpondProperties properties, @Nullable TierResolver resolver) {
        RateLimitProperties limits = properties.rateLimit();
        Tiers tiers = Tiers.of(limits);
        RateLimiter.Builder builder = RateLimiter.builder()
                .namespace(properties.namespace())
                .enabled(limiting(properties))
                .defaultTier(tiers.get(limits.defaultTier()))
                .engine(limits.engine())
                .whenRedisIsDown(limits.whenRedisIsDown())
                .decisionTimeout(limits.decisionTimeout());
        @Nullable Integer expectedNodes = limits.expectedNodes();
        if (expectedNodes != null) {
            builder.expectedNodes(expectedNodes);
        }
        if (resolver != null) {
            builder.tierOf(resolver);
        }
        giveFailurePolicies(builder, limits, tiers);
        @Nullable String secret = limits.secret();
        return secret == null ? builder : builder.secret(secret);
    }

    private static boolean limiting(MillpondProperties properties) {
        return properties.enabled()
                && !Boolean.FALSE.equals(properties.rateLimit().enabled());
    }

    private static void giveFailurePolicies(RateLimiter.Builder builder, RateLimitProperties limits, Tiers tiers) {
        limits.tiers().forEach((name, tier) -> {
            @Nullable FailurePolicy policy = tier.whenRedisIsDown();
            if (policy != null) {
                builder.whenRedisIsDown(tiers.get(name), policy);
            }
        });
    }

    /** Has a limiter go by the other properties, below the rules that it was built with, also when they change. */
    public static RateLimiter following(LiveProperties properties, RateLimiter limiter) {
        properties.follow(new ConfiguredRules(limiter)::prepare, Runnable::run);
        return limiter;
    }
}
