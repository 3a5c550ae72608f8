package dev.millpond.ratelimit.internal;

import dev.millpond.ratelimit.FailurePolicy;
import dev.millpond.ratelimit.Permit;
import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.RateLimitDecision;
import dev.millpond.ratelimit.RateLimitDecision.Outcome;
import dev.millpond.ratelimit.Tier;
import dev.millpond.ratelimit.spi.LimitEngine.BucketState;
import dev.millpond.ratelimit.spi.LimitEngine.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Turns what is known into a decision, without input or output. */
final class Decisions {

    /** When to ask again if only the return of Redis can help: as often as the connection is probed. */
    private static final Duration UNTIL_REDIS_IS_BACK = Duration.ofSeconds(1);

    private Decisions() {}

    /** Decides by all buckets of a request that something was asked of. */
    static RateLimitDecision of(List<TierState> states) {
        return withPermits(states, of(TierState.tightest(states), 0));
    }

    private static RateLimitDecision withPermits(List<TierState> states, RateLimitDecision decision) {
        Optional<Permit> permits = Permits.of(states);
        return permits.isPresent() ? decision.withPermit(permits) : decision;
    }

    /** Decides what a request of cost 1 would be told by buckets that nothing was taken from. */
    static RateLimitDecision peeked(List<TierState> held) {
        return of(askedForOne(held), 1);
    }

    private static RateLimitDecision of(TierState asked, long further) {
        Tier tier = asked.tier();
        BucketState state = asked.state();
        return of(outcome(tier, state, further), tier, state, retryAfter(state));
    }

    /** Decides by this node's shares of the buckets. */
    static RateLimitDecision byShare(long cost, List<TierState> shares) {
        return withPermits(shares, byShare(cost, TierState.tightest(shares)));
    }

    /** Decides like {@link #peeked} by this node's shares of the buckets. */
    static RateLimitDecision peekedByShare(List<TierState> held) {
        return byShare(1, askedForOne(held));
    }

    private static RateLimitDecision byShare(long cost, TierState asked) {
        Tier tier = asked.tier();
        BucketState share = asked.state();
        Outcome outcome = share.admitted() ? Outcome.ALLOWED_DEGRADED : Outcome.DENIED_DEGRADED;
        boolean moreThanShare = share.nanosToAdmit() == Long.MAX_VALUE && cost <= tier.capacity();
        return of(outcome, tier, share, moreThanShare ? Optional.of(UNTIL_REDIS_IS_BACK) : retryAfter(share))
                .by(FailurePolicy.LIMIT_LOCALLY);
    }

    private static TierState askedForOne(List<TierState> held) {
        return TierState.tightest(held.stream()
                .map(state -> state.with(Decisions::asIfAskedForOne))
                .toList());
    }

    private static BucketState asIfAskedForOne(BucketState held) {
        boolean admitted = held.remaining() >= 1;
        long toAdmit = admitted ? 0 : held.nanosToNextToken();
        return new BucketState(admitted, held.levels(), toAdmit);
    }

    static RateLimitDecision off(Tier tier) {
        return full(Outcome.OFF, tier).inShadow();
    }

    static RateLimitDecision allowlisted(Tier tier) {
        return full(Outcome.ALLOWLISTED, tier);
    }

    static RateLimitDecision denylisted(Tier tier) {
        return new RateLimitDecision(Outcome.DENYLISTED, tier, 0, Optional.empty(), Optional.empty());
    }

    static RateLimitDecision allowedBlindly(Tier tier) {
        return full(Outcome.ALLOWED_DEGRADED, tier).by(FailurePolicy.ALLOW);
    }

    static RateLimitDecision deniedBlindly(Tier tier) {
        return deniedByNobody(tier).by(FailurePolicy.DENY);
    }

    /** Denies what no policy may admit. */
    static RateLimitDecision deniedByNobody(Tier tier) {
        return new RateLimitDecision(
                Outcome.DENIED_DEGRADED, tier, 0, Optional.empty(), Optional.of(UNTIL_REDIS_IS_BACK));
    }

    /** Tells the outcome if so many tokens more were taken. */
    private static Outcome outcome(Tier tier, BucketState state, long further) {
        if (!state.admitted()) {
            return state.crowded() ? Outcome.DENIED_IN_FLIGHT : Outcome.DENIED;
        }
        return isBurst(tier.limits(), state.levels(), further) ? Outcome.ALLOWED_BURST : Outcome.ALLOWED;
    }

    private static boolean isBurst(List<RateLimit> limits, List<Level> levels, long further) {
        for (int i = 0; i < limits.size(); i++) {
            if (levels.get(i).remaining() - further < limits.get(i).burst()) {
                return true;
            }
        }
        return false;
    }

    private static RateLimitDecision of(Outcome outcome, Tier tier, BucketState state, Optional<Duration> retryAfter) {
        return new RateLimitDecision(outcome, tier, state.remaining(), nanos(state.nanosToNextToken()), retryAfter);
    }

    private static RateLimitDecision full(Outcome outcome, Tier tier) {
        return new RateLimitDecision(outcome, tier, tier.capacity(), Optional.empty(), Optional.empty());
    }

    private static Optional<Duration> retryAfter(BucketState state) {
        return state.nanosToAdmit() == Long.MAX_VALUE ? Optional.empty() : nanos(state.nanosToAdmit());
    }

    private static Optional<Duration> nanos(long nanos) {
        return nanos == 0 ? Optional.empty() : Optional.of(Duration.ofNanos(nanos));
    }
}
