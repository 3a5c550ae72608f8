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
 * User calls never probe. Implementations are thread-safe.
 */
public interface RedisGuard {

    /** Tells whether calls are let through at the moment. */
    boolean available();

    /**
     * Sends a command and waits for its answer.
     *
     * @param budget how long the caller waits at most, including the wait for a free place
     * @param command issues the command on the client without waiting for it
     * @return the answer
     * @throws RedisUnavailableException if Redis is known to be away, is too busy, or gives no answer within the budget
     */
    <T extends @Nullable Object> T call(Duration budget, Function<RedissonClient, CompletionStage<T>> command);

    /**
     * Sends a command without waiting for its answer.
     *
     * @param budget when the returned stage fails at the latest
     * @param command issues the command on the client without waiting for it
     * @return the answer, or a stage failed with {@link RedisUnavailableException}
     */
    <T extends @Nullable Object> CompletionStage<T> callAsync(
            Duration budget, Function<RedissonClient, CompletionStage<T>> command);

    /**
     * Registers an action to run, on the connection's own thread, each time Redis becomes available, and at once if it
     * already is.
     */
    void onAvailable(Runnable action);
}
