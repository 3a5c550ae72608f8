package dev.millpond.runtime.internal;

import dev.millpond.runtime.spi.SharedState.Follower;
import dev.millpond.runtime.spi.SharedState.Format;

/**
 * The state that this node goes by; only a newer one replaces it. Thread-safe.
 *
 * @param <S> the type of the state
 */
final class FollowedState<S> {

    private final Format<S> format;
    private final Follower<S> follower;
    private volatile S state;

    FollowedState(Format<S> format, Follower<S> follower) {
        this.format = format;
        this.follower = follower;
        this.state = format.none();
    }

    S get() {
        return state;
    }

    /** Goes by another state unless it is older, and returns the state in force then. */
    synchronized S offer(S other) {
        S before = state;
        if (format.version(other) >= format.version(before) && !other.equals(before)) {
            state = other;
            follower.follow(before, other);
        }
        return state;
    }
}
