package dev.millpond.ratelimit.internal;

import dev.millpond.ratelimit.RateLimitMode;
import dev.millpond.ratelimit.RateLimitMode.Kind;
import dev.millpond.ratelimit.RateLimitRules;
import dev.millpond.ratelimit.Tier;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Rules in the form in which each request asks them; immutable. */
final class RuleBook {

    private final RateLimitRules rules;
    private final Map<String, Tier> tiers;
    private final Map<String, Tier> tiersOfClients;
    private final Map<String, RateLimitMode> modesOfTiers;
    private final Map<String, RateLimitMode> modesOfRoutes;
    private final ClientEntries<Instant> bans;
    private final ClientEntries<Boolean> allowed;
    private final RateLimitMode mode;
    private final boolean offForAllTiers;

    RuleBook(RateLimitRules rules) {
        this.rules = rules;
        this.tiers = Map.copyOf(rules.tiers());
        this.tiersOfClients = Map.copyOf(rules.tiersOfClients());
        this.modesOfTiers = Map.copyOf(rules.modesOfTiers());
        this.modesOfRoutes = Map.copyOf(rules.modesOfRoutes());
        this.bans = new ClientEntries<>(rules.bans());
        this.allowed = new ClientEntries<>(
                rules.allowed().stream().collect(Collectors.toMap(Function.identity(), who -> true)));
        this.mode = rules.mode().orElse(RateLimitMode.ENFORCE);
        this.offForAllTiers =
                mode.kind() == Kind.OFF && modesOfTiers.values().stream().allMatch(ofTier -> ofTier.kind() == Kind.OFF);
    }

    RateLimitRules rules() {
        return rules;
    }

    /** Tells whether all limits are off on a route, so that nobody needs to know the tier of the client. */
    boolean off(Optional<String> route) {
        RateLimitMode ofRoute = ofRoute(route);
        return ofRoute == null ? offForAllTiers : ofRoute.kind() == Kind.OFF;
    }

    /** Tells whether a client is never limited. */
    boolean allows(Caller caller) {
        return !allowed.isEmpty() && allowed.of(caller).findAny().isPresent();
    }

    boolean hasBans() {
        return !bans.isEmpty();
    }

    /** Tells whether a client is banned at a moment. */
    boolean bans(Caller caller, Instant now) {
        return bans.of(caller).anyMatch(now::isBefore);
    }

    /** Tells whether lists, which know no tier, are enforced on a route; a share of clients counts as all. */
    boolean enforcesLists(Optional<String> route) {
        RateLimitMode ofRoute = ofRoute(route);
        return (ofRoute == null ? mode : ofRoute).kind() == Kind.ENFORCE;
    }

    /** Returns the tier that this client has, whatever the resolver says. */
    Optional<Tier> tierOf(String digest) {
        return Optional.ofNullable(tiersOfClients.get(digest));
    }

    /** Returns the definition in force for a tier. */
    Tier defined(Tier tier) {
        return tiers.getOrDefault(tier.name(), tier);
    }

    /**
     * Returns what happens to a request in a tier: its route decides, else the tier, else the default.
     *
     * @param digest by which the client is in a share, or not
     */
    Kind kindOf(Optional<String> route, Tier tier, String digest) {
        RateLimitMode ofRoute = ofRoute(route);
        return (ofRoute == null ? modesOfTiers.getOrDefault(tier.name(), mode) : ofRoute).kindFor(digest);
    }

    private @Nullable RateLimitMode ofRoute(Optional<String> route) {
        return route.isPresent() ? modesOfRoutes.get(route.get()) : null;
    }
}
