package dev.millpond.ratelimit.internal.engine;

import dev.millpond.runtime.spi.KeyCommands;
import dev.millpond.runtime.spi.RedisGuard;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RedissonClient;

/** Counts calls that go alone: those of compare-and-swap do, and those of the script do not. */
final class CountingGuard extends GuardAround {

    private final RedisGuard redis;
    private final AtomicInteger callsAlone = new AtomicInteger();

    CountingGuard(RedisGuard redis) {
        super(redis);
        this.redis = redis;
    }

    int callsAlone() {
        return callsAlone.get();
    }

    @Override
    public <T extends @Nullable Object> CompletionStage<T> callAsync(
            Duration budget, Function<RedissonClient, CompletionStage<T>> command) {
        callsAlone.incrementAndGet();
        return super.callAsync(budget, command);
    }

    @Override
    public <T extends @Nullable Object> CompletionStage<T> callGroupedAsync(
            Duration budget, String group, Function<KeyCommands, CompletionStage<T>> command) {
        return redis.callGroupedAsync(budget, group, command);
    }
}
