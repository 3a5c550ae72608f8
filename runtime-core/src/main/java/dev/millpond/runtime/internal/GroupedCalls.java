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
 * <p>What goes together to one server is one command. Keys of a cluster are in slots, and no command may have keys of
 * several: so there the commands to one master are written together, or go alone if the masters are not known.
 */
final class GroupedCalls {

    private final RedissonCommands alone;
    private final @Nullable ClusterMasters masters;
    private final Ticker ticker;
    private final ConcurrentMap<String, CallGroup> groups = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, ClusterCommands<?>> clusterGroups = new ConcurrentHashMap<>();

    GroupedCalls(RedissonClient client, Ticker ticker) {
        this.ticker = ticker;
        this.alone = new RedissonCommands(client);
        this.masters = alone.cluster() ? ClusterMasters.of(client) : null;
    }

    <T extends @Nullable Object> CompletableFuture<T> send(
            String group, Function<KeyCommands, CompletionStage<T>> command) {
        GroupedCall<T> call = new GroupedCall<>(command);
        if (!alone.cluster()) {
            groupOf(groups, group, name -> new CallGroup(alone, () -> new MergedCommands(alone), ticker))
                    .begin(call);
        } else if (masters != null) {
            ClusterMasters known = masters;
            call.issue(groupOf(clusterGroups, group, name -> newClusterGroup(known))
                    .of(call.answer()));
        } else {
            call.issue(alone);
        }
        return call.answer();
    }

    private static <G> G groupOf(ConcurrentMap<String, G> groups, String name, Function<String, G> made) {
        G group = groups.get(name); // which takes no lock
        return group != null ? group : groups.computeIfAbsent(name, made);
    }

    private ClusterCommands<?> newClusterGroup(ClusterMasters known) {
        return new ClusterCommands<>(
                alone, known::of, master -> new CallGroup(alone, () -> new Pipeline(master, known, alone), ticker));
    }

    /** Fails the calls that wait to be sent. */
    void close() {
        groups.values().forEach(CallGroup::close);
        clusterGroups.values().forEach(ClusterCommands::close);
    }
}
