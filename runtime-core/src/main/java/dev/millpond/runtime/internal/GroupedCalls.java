package dev.millpond.runtime.internal;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.runtime.spi.KeyCommands;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RedissonClient;

/**
 * The calls about single keys of a client, by their groups; thread-safe.
 *
 * <p>Those to a cluster go alone: what goes together is one command, whose keys must be in one slot.
 */
final class GroupedCalls {

    private final BulkCommands alone;
    private final Ticker ticker;
    private final ConcurrentMap<String, CallGroup> groups = new ConcurrentHashMap<>();

    GroupedCalls(RedissonClient client, Ticker ticker) {
        this.ticker = ticker;
        this.alone = new RedissonCommands(client);
    }

    <T extends @Nullable Object> CompletableFuture<T> send(
            String group, Function<KeyCommands, CompletionStage<T>> command) {
        GroupedCall<T> call = new GroupedCall<>(command);
        if (alone.cluster()) {
            call.issue(alone);
        } else {
            groupOf(group).begin(call);
        }
        return call.answer();
    }

    private CallGroup groupOf(String name) {
        CallGroup group = groups.get(name);
        return group != null ? group : groups.computeIfAbsent(name, absent -> new CallGroup(alone, ticker));
    }

    /** Fails the calls that wait to be sent. */
    void close() {
        groups.values().forEach(CallGroup::close);
    }
}
