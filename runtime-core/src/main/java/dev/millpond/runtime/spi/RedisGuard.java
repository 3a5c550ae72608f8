package dev.millpond.runtime.spi;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RedissonClient;

/**
 * The only way to Redis: a deadline, a circuit breaker and a bulkhead around every call.
 *
 * <p>The breaker starts open and closes on the first successful probe, so no caller ever waits for the first contact.
 * User calls never probe. Five failed calls in a row open it, where calls that were on their way together count as one:
 * timeouts, lost connections, and answers that say that Redis cannot serve (LOADING, READONLY, OOM, NOAUTH and the
 * like). So does a Redis that answers, but slowly: two probes in a row and at least half of the calls meanwhile that
 * took 100 ms or more, until a probe takes less. Other errors that Redis answers, such as WRONGTYPE, fail the call and
 * prove that Redis is there. Calls are sent once and never again; one that failed may have been carried out. A budget
 * is prolonged by the time in which this process {@linkplain Standstill stood still}, up to ten budgets in all.
 * Implementations are thread-safe.
 */
public interface RedisGuard {

    /** Tells whether calls are let through at the moment. */
    boolean available();

    /**
     * Sends a command and waits for its answer.
     *
     * <p>At most 64 threads wait at once; others wait for a place, for a quarter of their budget.
     *
     * @param budget how long the caller waits at most, including the wait for a free place
     * @param command issues the command on the client without waiting for it
     * @return the answer
     * @throws RedisUnavailableException if Redis is known to be away, is too busy, fails the command, or gives no
     *     answer within the budget; also if the thread is interrupted while it waits, and it stays so
     */
    <T extends @Nullable Object> T call(Duration budget, Function<RedissonClient, CompletionStage<T>> command);

    /**
     * Sends a command without waiting for its answer.
     *
     * <p>At most 1024 such calls are on their way at once. What depends on the returned stage runs on a thread of the
     * client or, if the budget is spent, on the one thread on which this connection's calls time out: it must not
     * block.
     *
     * @param budget when the returned stage fails at the latest
     * @param command issues the command on the client without waiting for it
     * @return the answer, or a stage failed with {@link RedisUnavailableException}
     */
    <T extends @Nullable Object> CompletionStage<T> callAsync(
            Duration budget, Function<RedissonClient, CompletionStage<T>> command);

    /**
     * Sends a command about one key and waits for its answer, within the same limits as {@link #call}.
     *
     * <p>If no call of its group is on its way it goes now; else with the next batch, of 128 at most, when those are
     * answered or half as many wait. Of a batch, reads go as one command, and calls of the same script as one call. In
     * a cluster a batch has commands to one master, each of which goes as it is, written together with the others. Each
     * is answered, or fails, for itself, when the answers of all are there: large values do not belong into a group of
     * small ones.
     *
     * @param budget how long the caller waits at most, including the wait for a free place and for the batch
     * @param group whom the command may wait for and travel with; for example {@code cache}
     * @param command issues the command without waiting for it, on whatever thread sends the batch
     * @return the answer
     * @throws RedisUnavailableException as {@link #call} does
     */
    default <T extends @Nullable Object> T callGrouped(
            Duration budget, String group, Function<KeyCommands, CompletionStage<T>> command) {
        return call(budget, client -> command.apply(BulkCommands.of(client)));
    }

    /**
     * Sends a command about one key as {@link #callGrouped} does, without waiting for its answer.
     *
     * @param budget when the returned stage fails at the latest
     * @param group whom the command may wait for and travel with
     * @param command issues the command without waiting for it
     * @return the answer, or a stage failed with {@link RedisUnavailableException}; what depends on it must not block,
     *     as for {@link #callAsync}
     */
    default <T extends @Nullable Object> CompletionStage<T> callGroupedAsync(
            Duration budget, String group, Function<KeyCommands, CompletionStage<T>> command) {
        return callAsync(budget, client -> command.apply(BulkCommands.of(client)));
    }

    /**
     * Registers an action to run, on the connection's own thread, each time Redis becomes available, and at once if it
     * already is.
     *
     * <p>Actions run in the order of registration. The thread also looks after the connection, so an action must not
     * block for longer than a call takes. One that throws is logged and runs again the next time. Does nothing once the
     * connection is closed.
     *
     * @return ends the registration; whoever registers an action on a connection that others share closes it at the end
     *     of its own life
     */
    Registration onAvailable(Runnable action);

    /** An action that waits for Redis; thread-safe. */
    interface Registration extends AutoCloseable {

        /**
         * Ends the registration and lets go of the action.
         *
         * <p>The action does not begin again once this returns; a run under way is not waited for. Closing again does
         * nothing.
         */
        @Override
        void close();
    }
}
