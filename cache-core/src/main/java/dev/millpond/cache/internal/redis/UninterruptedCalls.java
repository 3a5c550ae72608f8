package dev.millpond.cache.internal.redis;

import dev.millpond.runtime.spi.RedisGuard;
import dev.millpond.runtime.spi.RedisUnavailableException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RedissonClient;

/**
 * Calls that go on when their thread is interrupted, which stays so: an invalidation is no less due because its caller
 * is told to end, and the wait is short in any case.
 */
final class UninterruptedCalls {

    private UninterruptedCalls() {}

    /**
     * Sends a command and waits for its answer.
     *
     * @throws RedisUnavailableException as {@link RedisGuard#callAsync} fails
     */
    static <T extends @Nullable Object> T call(
            RedisGuard redis, Duration budget, Function<RedissonClient, CompletionStage<T>> command) {
        return await(redis.callAsync(budget, command));
    }

    /**
     * Waits for the answer to a command.
     *
     * @throws RedisUnavailableException as {@link RedisGuard#callAsync} fails
     */
    static <T extends @Nullable Object> T await(CompletionStage<T> answer) {
        try {
            return answer.toCompletableFuture().join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RedisUnavailableException unavailable ? unavailable : e;
        }
    }
}
