package dev.millpond.ratelimit.internal;

import dev.millpond.ratelimit.Allowlist;
import dev.millpond.ratelimit.Denylist;
import dev.millpond.ratelimit.RateLimitDecision;
import dev.millpond.ratelimit.Tier;
import dev.millpond.runtime.SwitchMode;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Decides on requests of which no bucket has to know: limits are off, or the client is on a list.
 *
 * @param limits the switch of all limits
 */
record UncountedDecisions(
        Supplier<SwitchMode> limits, Allowlist allowlist, Denylist denylist, Tier defaultTier, InstantSource clock) {

    /** Returns the decision; empty if buckets have to be asked. */
    Optional<RateLimitDecision> decide(RuledRequest request) {
        RuleBook rules = request.rules();
        if (limits.get().isOff() || rules.off(request.route())) {
            return Optional.of(Decisions.off(rules.defined(defaultTier)));
        }
        Optional<RateLimitDecision> listed =
                request.caller() == null ? Optional.empty() : listed(request.caller(), rules);
        return listed.isEmpty() || rules.enforcesLists(request.route())
                ? listed
                : listed.map(RateLimitDecision::inShadow);
    }

    private Optional<RateLimitDecision> listed(Caller caller, RuleBook rules) {
        if (allowlist.contains(caller.client()) || rules.allows(caller)) {
            return Optional.of(Decisions.allowlisted(rules.defined(defaultTier)));
        }
        if (denylist.contains(caller.client()) || (rules.hasBans() && rules.bans(caller, clock.instant()))) {
            return Optional.of(Decisions.denylisted(rules.defined(defaultTier)));
        }
        return Optional.empty();
    }
}
