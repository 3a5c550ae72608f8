package dev.millpond.runtime.internal;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.millpond.runtime.spi.KeyCommand;
import dev.millpond.runtime.spi.KeyCommands;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RedissonClient;

/** The calls about single keys of a client, in groups for each of its servers; thread-safe. */
final class GroupedCalls {

    private final KeyServers servers;
    private final KeyCommands alone;

    /** A server that is gone takes its groups along. */
    private final LoadingCache<Object, CallGroups> groups;

    GroupedCalls(RedissonClient client) {
        this.servers = new KeyServers(client);
        this.alone = KeyCommands.of(client);
        this.groups = Caffeine.newBuilder().weakKeys().build(server -> new CallGroups(client));
    }

    /** Sends a command; where the server of a key is not known, alone. */
    <T extends @Nullable Object> CompletableFuture<T> send(String key, KeyCommand<T> command) {
        GroupedCall<T> call = new GroupedCall<>(command);
        Optional<Object> server = servers.of(key);
        if (server.isPresent()) {
            groups.get(server.get()).begin(call);
        } else {
            var unused = call.send(alone);
        }
        return call.answer();
    }
}
