package dev.millpond.ratelimit.internal.rules;

import dev.millpond.ratelimit.RateLimitException;
import dev.millpond.runtime.spi.RedisGuard;
import dev.millpond.runtime.spi.SharedState;
import dev.millpond.runtime.spi.SharedState.Follower;
import dev.millpond.runtime.spi.SharedState.Place;
import dev.millpond.runtime.spi.StateNotChangedException;
import dev.millpond.runtime.spi.Upkeep;
import java.util.function.UnaryOperator;

/** Keeps what operators change, in this process or in Redis for all nodes of a namespace; thread-safe. */
public final class RulesStore implements AutoCloseable {

    private static final String CHANGED = "rules";

    private final SharedState<RulesState> state;

    private RulesStore(SharedState<RulesState> state) {
        this.state = state;
    }

    /** Creates a store of this process alone. */
    public static RulesStore inProcess(Follower<RulesState> follower) {
        return new RulesStore(SharedState.inProcess(new RulesText(), follower));
    }

    /**
     * Creates a store that follows Redis from now on.
     *
     * @param key under which the state is stored
     * @param channel on which nodes tell each other of changes
     * @param upkeep looks at Redis once a second
     */
    public static RulesStore inRedis(
            RedisGuard guard, String key, String channel, Upkeep upkeep, Follower<RulesState> follower) {
        Place place = new Place(key, channel, CHANGED, null);
        return new RulesStore(SharedState.inRedis(guard, place, upkeep, new RulesText(), follower));
    }

    /**
     * Changes the state for all who share it; the follower knows it when this returns.
     *
     * @param change gives the new state; may be called several times, of which the last counts. If it gives the same
     *     state, nothing happens
     * @throws RateLimitException if the change could not be stored, or nobody knows whether it was
     */
    public void change(UnaryOperator<RulesState> change) {
        try {
            state.change(change);
        } catch (StateNotChangedException e) {
            throw new RateLimitException(String.valueOf(e.getMessage()), e);
        }
    }

    /** Stops following changes of others. */
    @Override
    public void close() {
        state.close();
    }
}
