package dev.millpond.runtime.internal;

import dev.millpond.runtime.spi.RedisGuard;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RBucket;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;

/** The key in Redis that holds a shared state; thread-safe. */
final class StateKey {

    private final RedisGuard guard;
    private final String name;
    private final @Nullable Duration life;

    StateKey(RedisGuard guard, String name, @Nullable Duration life) {
        this.guard = guard;
        this.name = name;
        this.life = life;
    }

    /** Returns what is stored, and lets its life begin anew; null if nothing is stored. */
    @Nullable
    String get(Duration budget) {
        return guard.call(
                budget,
                client -> life == null
                        ? bucket(client).getAsync()
                        : bucket(client).getAndExpireAsync(life));
    }

    /** Stores a text in place of the one that was read; returns false if that is no longer there. */
    boolean replace(Duration budget, @Nullable String before, String after) {
        return guard.call(
                budget,
                client -> bucket(client)
                        .compareAndSetAsync(before, after)
                        .thenCompose(replaced -> limited(client, replaced)));
    }

    private CompletionStage<Boolean> limited(RedissonClient client, boolean replaced) {
        return life == null || !replaced
                ? CompletableFuture.completedStage(replaced)
                : bucket(client).expireAsync(life).thenApply(there -> true);
    }

    private RBucket<String> bucket(RedissonClient client) {
        return client.getBucket(name, StringCodec.INSTANCE);
    }

    @Override
    public String toString() {
        return name;
    }
}
