package dev.millpond.ratelimit.internal.rules;

import dev.millpond.ratelimit.RateLimitRules;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What operators have changed since the limiters were built; immutable.
 *
 * @param version grows with each change, also from one history to another: it is the time of the change in milliseconds
 *     since 1970, or one more than the version before if that is later; 0 if nothing was changed
 * @param rules the changes, laid over what the builder says
 * @param doubts when the tiers of some clients were to be asked for anew, by digest; kept for a minute, until all nodes
 *     know or no longer remember a tier from before
 * @param unknown lines of a later version of this library, which must not get lost
 */
public record RulesState(long version, RateLimitRules rules, Map<String, Instant> doubts, List<String> unknown) {

    /** In place of a digest: the tiers of all clients. */
    public static final String EVERYBODY = "*";

    /** Doubts about single clients kept at most; more become one about everybody. */
    static final int MOST_DOUBTS = 1_000;

    private static final Duration DOUBTS_KEPT = Duration.ofMinutes(1);
    private static final RulesState NONE = new RulesState(0, RateLimitRules.none(), Map.of(), List.of());

    /** Copies the doubts and lines. */
    public RulesState {
        doubts = Map.copyOf(doubts);
        unknown = List.copyOf(unknown);
    }

    /** Returns the state in which nothing was changed. */
    public static RulesState none() {
        return NONE;
    }

    /** Returns the state after a change of the rules; what has ended by then is left out. */
    public RulesState with(RateLimitRules changed, Instant now) {
        return new RulesState(versionAfter(now), changed.withoutBansEndedBy(now), recentDoubts(now), unknown);
    }

    /** Returns the state after somebody doubted the tier of a client, or of {@link #EVERYBODY}. */
    public RulesState doubting(String digest, Instant now) {
        Map<String, Instant> more = recentDoubts(now);
        more.merge(digest, now, (before, at) -> at.isAfter(before) ? at : before.plusNanos(1)); // another doubt shows
        Map<String, Instant> kept = more.size() > MOST_DOUBTS ? Map.of(EVERYBODY, now) : more;
        return new RulesState(versionAfter(now), rules, kept, unknown);
    }

    private long versionAfter(Instant now) {
        return Math.max(version + 1, now.toEpochMilli());
    }

    private Map<String, Instant> recentDoubts(Instant now) {
        Map<String, Instant> recent = new TreeMap<>(doubts);
        recent.values().removeIf(at -> at.plus(DOUBTS_KEPT).isBefore(now));
        return recent;
    }
}
