package dev.millpond.ratelimit.internal;

import dev.millpond.ratelimit.RateLimitRules;
import dev.millpond.ratelimit.internal.rules.RulesStore;
import java.time.InstantSource;
import java.util.Objects;
import java.util.function.UnaryOperator;

/** The rules in force, and how operators change them. */
record ChangingRules(RulesInForce inForce, RulesStore store, InstantSource clock) {

    RuleBook book() {
        return inForce.book();
    }

    void change(UnaryOperator<RateLimitRules> change) {
        store.change(state -> {
            RateLimitRules changed = Objects.requireNonNull(
                    change.apply(state.rules()),
                    "Changed rate-limit rules are null. Return RateLimitRules.none() to take all changes back.");
            return changed.equals(state.rules()) ? state : state.with(changed, clock.instant());
        });
    }

    void doubtTierOf(String digest) {
        store.change(state -> state.doubting(digest, clock.instant()));
    }

    void close() {
        store.close();
    }
}
