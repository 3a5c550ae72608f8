package dev.millpond.runtime.internal;

import dev.millpond.runtime.spi.SharedState;
import java.util.function.UnaryOperator;

/**
 * A state that operators change in this process alone.
 *
 * @param <S> the type of the state
 */
public final class LocalState<S> implements SharedState<S> {

    private final FollowedState<S> followed;

    /** Creates a state in which nothing was changed. */
    public LocalState(Format<S> format, Follower<S> follower) {
        this.followed = new FollowedState<>(format, follower);
    }

    @Override
    public synchronized void change(UnaryOperator<S> change) {
        followed.offer(change.apply(followed.get()));
    }

    @Override
    public void close() {
        // Nobody else changes anything.
    }
}
