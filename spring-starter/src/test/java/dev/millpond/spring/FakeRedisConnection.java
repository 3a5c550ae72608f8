package dev.millpond.spring;

import dev.millpond.runtime.RedisConnection;
import dev.millpond.runtime.RedisStats;
import dev.millpond.runtime.spi.RedisGuard;
import dev.millpond.runtime.spi.RedisUnavailableException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RedissonClient;

/** A connection to a Redis that never answers, whatever it says of itself. */
public class FakeRedisConnection implements RedisConnection, RedisGuard {

    private final RedisStats stats;

    public FakeRedisConnection(boolean available) {
        this(new RedisStats(
                available ? RedisStats.State.AVAILABLE : RedisStats.State.AWAY,
                Duration.ZERO,
                0,
                new RedisStats.Calls(0, 0, 0, 0, 0, 0, 0, 0, 0),
                Optional.empty()));
    }

    public FakeRedisConnection(RedisStats stats) {
        this.stats = stats;
    }

    @Override
    public RedisGuard guard() {
        return this;
    }

    @Override
    public boolean available() {
        return stats.available();
    }

    @Override
    public <T extends @Nullable Object> T call(Duration budget, Function<RedissonClient, CompletionStage<T>> command) {
        throw new RedisUnavailableException("fake");
    }

    @Override
    public <T extends @Nullable Object> CompletionStage<T> callAsync(
            Duration budget, Function<RedissonClient, CompletionStage<T>> command) {
        return CompletableFuture.failedStage(new RedisUnavailableException("fake"));
    }

    @Override
    public Registration onAvailable(Runnable action) {
        return () -> {};
    }

    @Override
    public boolean awaitAvailable(Duration maxWait) {
        return stats.available();
    }

    @Override
    public RedisStats stats() {
        return stats;
    }

    @Override
    public void close() {}
}
