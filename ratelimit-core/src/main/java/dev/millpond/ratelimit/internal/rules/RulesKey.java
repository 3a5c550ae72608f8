package dev.millpond.ratelimit.internal.rules;

import dev.millpond.runtime.spi.RedisGuard;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RBucket;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;

/** The key in Redis that holds the changed rules; thread-safe. */
final class RulesKey {

    private final RedisGuard guard;
    private final String name;

    RulesKey(RedisGuard guard, String name) {
        this.guard = guard;
        this.name = name;
    }

    /** Returns what is stored; null if nothing is. */
    @Nullable
    String get(Duration budget) {
        return guard.call(budget, client -> bucket(client).getAsync());
    }

    /** Stores a text in place of the one that was read; returns false if that is no longer there. */
    boolean replace(Duration budget, @Nullable String before, String after) {
        return guard.call(budget, client -> bucket(client).compareAndSetAsync(before, after));
    }

    private RBucket<String> bucket(RedissonClient client) {
        return client.getBucket(name, StringCodec.INSTANCE);
    }

    @Override
    public String toString() {
        return name;
    }
}
