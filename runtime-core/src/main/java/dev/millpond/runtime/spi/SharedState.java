package dev.millpond.runtime.spi;

import dev.millpond.runtime.internal.LocalState;
import dev.millpond.runtime.internal.RedisState;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A small state that operators change while nodes run, in this process or in Redis for all nodes; thread-safe.
 *
 * <p>In Redis it is one text under one key. Each node follows it within two seconds, and goes on with the last state
 * that it could read while Redis is away.
 *
 * @param <S> the immutable type of the state
 */
public interface SharedState<S> extends AutoCloseable {

    /** Creates a state of this process alone. */
    static <S> SharedState<S> inProcess(Format<S> format, Follower<S> follower) {
        return new LocalState<>(format, follower);
    }

    /**
     * Creates a state that follows Redis from now on.
     *
     * @param place where it is stored
     * @param upkeep looks at Redis once a second
     */
    static <S> SharedState<S> inRedis(
            RedisGuard guard, Place place, Upkeep upkeep, Format<S> format, Follower<S> follower) {
        return new RedisState<>(guard, place, upkeep, format, follower);
    }

    /**
     * Changes the state for all who share it; the follower knows it when this returns.
     *
     * <p>Waits for Redis, so it must not be called on a thread of the Redis client.
     *
     * @param change gives the new state; may be called several times, of which the last counts. If it gives the same
     *     state, nothing happens
     * @throws StateNotChangedException if the change could not be stored, or nobody knows whether it was
     */
    void change(UnaryOperator<S> change);

    /** Stops following changes of others. */
    @Override
    void close();

    /**
     * Where a state is stored.
     *
     * @param key that holds it
     * @param channel on which nodes tell each other of changes
     * @param word that tells of a change
     * @param life for how long it stays after the last node that follows it; null for ever
     */
    record Place(
            String key,
            String channel,
            String word,
            @Nullable Duration life) {}

    /** Is told each state that replaces another; one call at a time. */
    @FunctionalInterface
    interface Follower<S> {

        /** Takes a state in place of the one before. */
        void follow(S before, S now);
    }

    /** How a state is written; thread-safe. */
    interface Format<S> {

        /** Returns what the state is, in the plural and for the middle of a sentence, for messages. */
        String subject();

        /** Returns the state in which nothing was changed. */
        S none();

        /** Returns the version of a state; 0 if nothing was changed, and higher with each change. */
        long version(S state);

        /** Returns how many lines of a state this node keeps without knowing what they say. */
        int unknownLines(S state);

        /** Returns a state as text. */
        String write(S state);

        /**
         * Returns the state that a text says.
         *
         * @throws UnreadableStateException if it says none, or in another format
         */
        S read(String text) throws UnreadableStateException;
    }
}
