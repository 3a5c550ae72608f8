package dev.millpond.ratelimit;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What operators decide beside the code: definitions of tiers, tiers of single clients, who is allowed or banned, and
 * modes.
 *
 * <p>Immutable, and sparse: what is not said here is as the rest of the limiter's configuration says. Clients are known
 * by their {@linkplain RateLimiter#digestOf digest} or their network, never by their API key.
 *
 * <p>They need no Redis by themselves; {@link RateLimiter#changeRules} shares them.
 */
public final class RateLimitRules {

    /** When a ban ends that does not end. */
    public static final Instant FOR_GOOD = Instant.MAX;

    /** Entries at most, of all kinds together: each node reads all of them when one changes. */
    public static final int MAXIMUM_ENTRIES = 10_000;

    private static final RateLimitRules NONE = new RateLimitRules(new RulesDraft());

    private final RulesDraft said;

    private RateLimitRules(RulesDraft said) {
        this.said = said;
    }

    /** Returns rules that say nothing. */
    public static RateLimitRules none() {
        return NONE;
    }

    /** Returns these rules with a definition for all tiers of its name, whatever the code says of them. */
    public RateLimitRules withTier(Tier tier) {
        Objects.requireNonNull(tier, "Tier of rate-limit rules is null. Use for example Tier.PRO.");
        return changed(draft -> draft.tiers.put(tier.name(), tier));
    }

    /** Returns these rules without a definition for the tiers of this name. */
    public RateLimitRules withoutTier(String name) {
        return changed(draft -> draft.tiers.remove(name));
    }

    /**
     * Returns these rules with the tier of one client, whom the resolver is then not asked about.
     *
     * @param digest what {@link RateLimiter#digestOf} says of the client
     * @throws IllegalArgumentException if it is not a digest
     */
    public RateLimitRules withTierOf(String digest, Tier tier) {
        return withTiersOf(Collections.singletonMap(digest, tier));
    }

    /**
     * Returns these rules with the tiers of some clients, like {@link #withTierOf}.
     *
     * @param tiers by digest
     */
    public RateLimitRules withTiersOf(Map<String, Tier> tiers) {
        return changed(draft -> tiers.forEach(draft::putTierOf));
    }

    /** Returns these rules without a tier of this client. */
    public RateLimitRules withoutTierOf(String digest) {
        return changed(draft -> draft.tiersOfClients.remove(digest));
    }

    /** Returns these rules with a ban that does not end, like {@link #withBan(String, Instant)}. */
    public RateLimitRules withBan(String who) {
        return withBan(who, FOR_GOOD);
    }

    /**
     * Returns these rules with a ban: what the client asks is denied, and counted nowhere.
     *
     * @param who what {@link RateLimiter#digestOf} says of the client, or a network such as {@code 192.0.2.0/24}
     * @param until when the ban ends by the clock of each node
     * @throws IllegalArgumentException if it is neither a digest nor a network
     */
    public RateLimitRules withBan(String who, Instant until) {
        return withBans(Collections.singletonMap(who, until));
    }

    /**
     * Returns these rules with some bans, like {@link #withBan(String, Instant)}.
     *
     * @param bans ends of the bans, by who is banned
     */
    public RateLimitRules withBans(Map<String, Instant> bans) {
        return changed(draft -> bans.forEach(draft::putBan));
    }

    /** Returns these rules without a ban of this client or network. */
    public RateLimitRules withoutBan(String who) {
        return changed(draft -> draft.bans.remove(RulesDraft.knownAs(who)));
    }

    /** Returns these rules without the bans that have ended by a moment. */
    public RateLimitRules withoutBansEndedBy(Instant moment) {
        return changed(draft -> draft.bans.values().removeIf(until -> !until.isAfter(moment)));
    }

    /**
     * Returns these rules with clients or networks that are never limited, also not by a ban.
     *
     * @param who what {@link RateLimiter#digestOf} says of each client, or networks such as {@code 10.0.0.0/8}
     * @throws IllegalArgumentException if one is neither a digest nor a network
     */
    public RateLimitRules withAllowed(String... who) {
        return changed(draft -> {
            for (String one : who) {
                draft.allowed.add(RulesDraft.knownAs(one));
            }
        });
    }

    /** Returns these rules without this client or network among those that are never limited. */
    public RateLimitRules withoutAllowed(String who) {
        return changed(draft -> draft.allowed.remove(RulesDraft.knownAs(who)));
    }

    /** Returns these rules with the mode of all limits that have none of their own. */
    public RateLimitRules withMode(RateLimitMode mode) {
        return changed(draft -> draft.mode = Optional.of(given(mode)));
    }

    /** Returns these rules without a mode of all limits. */
    public RateLimitRules withoutMode() {
        return changed(draft -> draft.mode = Optional.empty());
    }

    /** Returns these rules with the mode of the limits of one tier. */
    public RateLimitRules withModeOfTier(String tier, RateLimitMode mode) {
        return changed(draft -> draft.modesOfTiers.put(named("Tier", tier), given(mode)));
    }

    /** Returns these rules without a mode of this tier. */
    public RateLimitRules withoutModeOfTier(String tier) {
        return changed(draft -> draft.modesOfTiers.remove(tier));
    }

    /** Returns these rules with the mode of all limits on one {@linkplain RateLimitRequest#onRoute route}. */
    public RateLimitRules withModeOfRoute(String route, RateLimitMode mode) {
        return changed(draft -> draft.modesOfRoutes.put(named("Route", route), given(mode)));
    }

    /** Returns these rules without a mode of this route. */
    public RateLimitRules withoutModeOfRoute(String route) {
        return changed(draft -> draft.modesOfRoutes.remove(route));
    }

    /**
     * Returns these rules with what others say laid over them, of which the last win; together they may have more
     * entries than each may have.
     */
    public RateLimitRules overlaidBy(RateLimitRules... others) {
        RulesDraft draft = new RulesDraft();
        draft.putAll(said);
        for (RateLimitRules other : others) {
            Objects.requireNonNull(other, "Rate-limit rules to lay over others is null. Use RateLimitRules.none().");
            draft.putAll(other.said);
        }
        return new RateLimitRules(draft);
    }

    private static RateLimitMode given(RateLimitMode mode) {
        return Objects.requireNonNull(mode, "Rate-limit mode is null. Use for example RateLimitMode.SHADOW.");
    }

    private static String named(String what, String name) {
        return Objects.requireNonNull(name, () -> what + " of a rate-limit mode is null. Give its name.");
    }

    private RateLimitRules changed(Consumer<RulesDraft> change) {
        RulesDraft draft = new RulesDraft();
        draft.putAll(said);
        change.accept(draft);
        draft.check();
        return new RateLimitRules(draft);
    }

    /** Returns the definitions of tiers by name. */
    public Map<String, Tier> tiers() {
        return Collections.unmodifiableMap(said.tiers);
    }

    /** Returns the tiers of single clients by digest. */
    public Map<String, Tier> tiersOfClients() {
        return Collections.unmodifiableMap(said.tiersOfClients);
    }

    /**
     * Returns when bans end, by digest or network; {@link #FOR_GOOD} if never. Bans that have ended may be among them.
     */
    public Map<String, Instant> bans() {
        return Collections.unmodifiableMap(said.bans);
    }

    /** Returns the digests and networks that are never limited. */
    public Set<String> allowed() {
        return Collections.unmodifiableSet(said.allowed);
    }

    /** Returns the mode of all limits that have none of their own. */
    public Optional<RateLimitMode> mode() {
        return said.mode;
    }

    /** Returns modes by the name of the tier. */
    public Map<String, RateLimitMode> modesOfTiers() {
        return Collections.unmodifiableMap(said.modesOfTiers);
    }

    /** Returns modes by route. */
    public Map<String, RateLimitMode> modesOfRoutes() {
        return Collections.unmodifiableMap(said.modesOfRoutes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RateLimitRules rules && said.equals(rules.said);
    }

    @Override
    public int hashCode() {
        return said.hashCode();
    }

    /** Returns a text with numbers in place of the clients. */
    @Override
    public String toString() {
        return "RateLimitRules[tiers=" + said.tiers.keySet() + ", tiersOfClients=" + said.tiersOfClients.size()
                + ", bans=" + said.bans.size() + ", allowed=" + said.allowed.size() + ", mode="
                + said.mode.map(RateLimitMode::toString).orElse("not set") + ", modesOfTiers=" + said.modesOfTiers
                + ", modesOfRoutes=" + said.modesOfRoutes + "]";
    }
}
