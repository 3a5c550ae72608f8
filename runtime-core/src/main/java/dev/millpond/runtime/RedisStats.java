package dev.millpond.runtime;

import java.time.Duration;
import java.util.Optional;

/**
 * What this process has seen of its Redis since the connection was made; immutable.
 *
 * <p>It is read from counters of this process, so it never waits and says the same whether Redis is there or not.
 * Counts never go back. The numbers are read one after the other, so those of one moment may differ by the calls of
 * that moment.
 *
 * @param state whether calls are let through, and why not
 * @param stateAge how long calls have been let through, or not
 * @param losses how often Redis went from available to slow or away; closing the connection is no loss
 * @param calls what became of the calls of caches and rate limiters
 * @param pool the connections of the client; empty until Redis has answered for the first time, and if the client is of
 *     a Redisson whose pools cannot be read, or wrapped by the application
 */
public record RedisStats(State state, Duration stateAge, long losses, Calls calls, Optional<Pool> pool) {

    /** Whether calls are let through. */
    public enum State {
        /** No: Redis has not answered since the connection was made. */
        CONNECTING,
        /** Yes: the circuit breaker is closed. */
        AVAILABLE,
        /** No: Redis answers, but takes 100 ms or more. */
        SLOW,
        /** No: Redis did not answer, or the connection is closed. */
        AWAY
    }

    /** Tells whether calls are let through: the circuit breaker is closed. */
    public boolean available() {
        return state == State.AVAILABLE;
    }

    /**
     * Calls by how they ended, and those that have not yet.
     *
     * <p>The connection's own question whether Redis is there, twice a second, is none of them. Each call counts in
     * exactly one of the first four.
     *
     * @param answered calls that Redis answered with a value
     * @param failed calls that were sent and got an error or, in time, no answer
     * @param refused calls that were not sent because Redis was known to be away
     * @param rejected calls that were not sent because too many others were waiting for Redis
     * @param slow calls that Redis answered, with a value or an error, after 100 ms or more
     * @param grouped calls of caches, or of rate limiters, that were sent together with others of their kind
     * @param waiting threads that wait for an answer now; at most 64
     * @param queued threads that wait now to be among these
     * @param async calls on their way now for which no thread waits; at most 1024
     */
    public record Calls(
            long answered,
            long failed,
            long refused,
            long rejected,
            long slow,
            long grouped,
            int waiting,
            int queued,
            int async) {}

    /**
     * Connections for commands, of all masters together; those for subscriptions are not among them.
     *
     * @param active connections that carry a command, or are being made for one
     * @param idle connections that are open and free
     * @param waiting commands that wait for a connection
     * @param maximum connections that there may be
     */
    public record Pool(int active, int idle, int waiting, int maximum) {

        /** Returns the part of the allowed connections that is active, from 0 to 1; at 1 further commands wait. */
        public double utilization() {
            return maximum == 0 ? 0 : (double) active / maximum;
        }
    }
}
