package dev.millpond.runtime.internal;

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
 * <p>Those to a cluster go alone. Redisson decides about a whole batch by its first error: a key that has moved would
 * send others again that have run, and one that failed would take them with it.
 */
final class GroupedCalls {

    private final BulkCommands alone;
    private final ConcurrentMap<String, CallGroup> groups = new ConcurrentHashMap<>();

    GroupedCalls(RedissonClient client) {
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
        return group != null ? group : groups.computeIfAbsent(name, absent -> new CallGroup(alone));
    }

    /** Fails the calls that wait to be sent. */
    void close() {
        groups.values().forEach(CallGroup::close);
    }
}
