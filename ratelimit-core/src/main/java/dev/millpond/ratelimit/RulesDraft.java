package dev.millpond.ratelimit;

import dev.millpond.ratelimit.internal.ListedClients;
import dev.millpond.ratelimit.spi.Network;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What rules say, while it is put together; each kind in the order of its names, so that the same rules look the same.
 */
final class RulesDraft {

    private static final Pattern DIGEST = Pattern.compile("[A-Za-z0-9_-]{19}");
    private static final String NOT_SHOWN = " It is not shown, since it may be an API key.";

    final SortedMap<String, Tier> tiers = new TreeMap<>();
    final SortedMap<String, Tier> tiersOfClients = new TreeMap<>();
    final SortedMap<String, Instant> bans = new TreeMap<>();
    final SortedSet<String> allowed = new TreeSet<>();
    final SortedMap<String, RateLimitMode> modesOfTiers = new TreeMap<>();
    final SortedMap<String, RateLimitMode> modesOfRoutes = new TreeMap<>();
    Optional<RateLimitMode> mode = Optional.empty();

    void putAll(RulesDraft others) {
        tiers.putAll(others.tiers);
        tiersOfClients.putAll(others.tiersOfClients);
        bans.putAll(others.bans);
        allowed.addAll(others.allowed);
        modesOfTiers.putAll(others.modesOfTiers);
        modesOfRoutes.putAll(others.modesOfRoutes);
        mode = others.mode.or(() -> mode);
    }

    void putTierOf(String digest, Tier tier) {
        Objects.requireNonNull(tier, "Tier of a client in rate-limit rules is null. Use for example Tier.PRO.");
        if (!DIGEST.matcher(notNull(digest)).matches()) {
            throw new IllegalArgumentException("Rate-limit rules: the client of tier '" + tier.name()
                    + "' is not given by a digest. Use limiter.digestOf(client)." + NOT_SHOWN);
        }
        tiersOfClients.put(digest, tier);
    }

    void putBan(String who, Instant until) {
        Objects.requireNonNull(until, "End of a ban is null. Use RateLimitRules.FOR_GOOD for one that does not end.");
        bans.put(knownAs(who), until.equals(Instant.MAX) ? until : until.truncatedTo(ChronoUnit.MILLIS));
    }

    /** Returns a digest as it is, and a network in the one form that means it. */
    static String knownAs(String who) {
        if (DIGEST.matcher(notNull(who)).matches()) {
            return who;
        }
        if (ListedClients.isNetwork(who)) {
            return Network.parse(who).toString();
        }
        throw new IllegalArgumentException("Rate-limit rules: an entry is neither a digest nor a network. Use"
                + " limiter.digestOf(client), or a network such as 10.0.0.0/8." + NOT_SHOWN);
    }

    private static String notNull(String who) {
        return Objects.requireNonNull(
                who, "Client in rate-limit rules is null. Use limiter.digestOf(client), or a network.");
    }

    void check() {
        int entries = tiers.size()
                + tiersOfClients.size()
                + bans.size()
                + allowed.size()
                + modesOfTiers.size()
                + modesOfRoutes.size();
        if (entries > RateLimitRules.MAXIMUM_ENTRIES) {
            throw new IllegalArgumentException("Rate-limit rules have " + entries + " entries, must have at most "
                    + RateLimitRules.MAXIMUM_ENTRIES + ". Remove bans that have ended, use networks instead of single"
                    + " clients, or let the tier resolver say which tier a client has.");
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RulesDraft draft
                && tiers.equals(draft.tiers)
                && tiersOfClients.equals(draft.tiersOfClients)
                && bans.equals(draft.bans)
                && allowed.equals(draft.allowed)
                && modesOfTiers.equals(draft.modesOfTiers)
                && modesOfRoutes.equals(draft.modesOfRoutes)
                && mode.equals(draft.mode);
    }

    @Override
    public int hashCode() {
        return Objects.hash(tiers, tiersOfClients, bans, allowed, modesOfTiers, modesOfRoutes, mode);
    }
}
