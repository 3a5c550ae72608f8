package dev.millpond.examples.standings.web;

import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.Tier;
import dev.millpond.ratelimit.TierResolver;
import java.util.Map;
import java.util.Optional;

/** The four demo keys, one per tier; a real application would look keys up in its own store. */
public final class ApiKeys implements TierResolver {

    /** The request field that carries a key. */
    public static final String HEADER = "X-API-Key";

    /** Of clients without a known key, who are counted by address: 60 requests per minute and a burst of 20. */
    public static final Tier ANONYMOUS =
            Tier.of("anonymous", RateLimit.perMinute(60).withBurst(20));

    private static final Map<String, Tier> TIERS = Map.of(
            "demo-free", Tier.FREE,
            "demo-standard", Tier.STANDARD,
            "demo-pro", Tier.PRO,
            "demo-enterprise", Tier.ENTERPRISE);

    /** Tells whether somebody has this key. */
    public boolean isKnown(String apiKey) {
        return TIERS.containsKey(apiKey);
    }

    @Override
    public Optional<Tier> resolve(String apiKey) {
        return Optional.ofNullable(TIERS.get(apiKey));
    }
}
