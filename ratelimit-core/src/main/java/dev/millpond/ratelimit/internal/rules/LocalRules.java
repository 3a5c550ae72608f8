package dev.millpond.ratelimit.internal.rules;

import java.util.function.UnaryOperator;

/** Keeps what operators change in this process alone. */
public final class LocalRules implements RulesStore {

    private final FollowedState followed;

    /** Creates a store without changes. */
    public LocalRules(Follower follower) {
        this.followed = new FollowedState(follower);
    }

    @Override
    public synchronized void change(UnaryOperator<RulesState> change) {
        followed.offer(change.apply(followed.get()));
    }

    @Override
    public void close() {
        // Nobody else changes anything.
    }
}
