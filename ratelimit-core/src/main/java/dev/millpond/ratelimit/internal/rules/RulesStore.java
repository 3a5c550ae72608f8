package dev.millpond.ratelimit.internal.rules;

import dev.millpond.ratelimit.RateLimitException;
import java.util.function.UnaryOperator;

/** Keeps what operators change; thread-safe. */
public interface RulesStore extends AutoCloseable {

    /** Is told each state that replaces another; one call at a time. */
    @FunctionalInterface
    interface Follower {

        /** Takes a state in place of the one before. */
        void follow(RulesState before, RulesState now);
    }

    /**
     * Changes the state for all who share it; the follower knows it when this returns.
     *
     * @param change gives the new state; may be called several times, of which the last counts. If it gives the same
     *     state, nothing happens
     * @throws RateLimitException if the change could not be stored, or nobody knows whether it was
     */
    void change(UnaryOperator<RulesState> change);

    /** Stops following changes of others. */
    @Override
    void close();
}
