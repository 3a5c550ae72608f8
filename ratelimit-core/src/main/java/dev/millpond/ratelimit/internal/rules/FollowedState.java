package dev.millpond.ratelimit.internal.rules;

import dev.millpond.ratelimit.internal.rules.RulesStore.Follower;

/** The state that this node goes by; only a newer one replaces it. Thread-safe. */
final class FollowedState {

    private final Follower follower;
    private volatile RulesState state = RulesState.none();

    FollowedState(Follower follower) {
        this.follower = follower;
    }

    RulesState get() {
        return state;
    }

    /** Goes by another state unless it is older, and returns the state in force then. */
    synchronized RulesState offer(RulesState other) {
        RulesState before = state;
        if (other.version() >= before.version() && !other.equals(before)) {
            state = other;
            follower.follow(before, other);
        }
        return state;
    }
}
