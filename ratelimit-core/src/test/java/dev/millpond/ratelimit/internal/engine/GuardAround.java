package dev.millpond.ratelimit.internal.engine;

import dev.millpond.runtime.spi.RedisGuard;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RedissonClient;

/** Does what another guard does; tests change the part that they watch. */
abstract class GuardAround implements RedisGuard {

    private final RedisGuard guard;

    GuardAround(RedisGuard guard) {
        this.guard = guard;
    }

    @Override
    public boolean available() {
        return guard.available();
    }

    @Override
    public <T extends @Nullable Object> T call(Duration budget, Function<RedissonClient, CompletionStage<T>> command) {
        return guard.call(budget, command);
    }

    @Override
    public <T extends @Nullable Object> CompletionStage<T> callAsync(
            Duration budget, Function<RedissonClient, CompletionStage<T>> command) {
        return guard.callAsync(budget, command);
    }

    @Override
    public Registration onAvailable(Runnable action) {
        return guard.onAvailable(action);
    }
}
