package dev.millpond.runtime.internal;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.runtime.spi.BulkCommands;
import dev.millpond.runtime.spi.KeyCommands;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RedissonClient;

/**
 * The calls about single keys of a client, by their groups; thread-safe.
 *
 * <p>What goes together to one server is one command. Keys of a cluster are in slots, and no command may have keys of
 * several: so there the commands to one master are written together, or go alone if the masters are not known.
 */
final class GroupedCalls {

    private final Supplier<Function<String, CallSender>> newSender;
    private final ConcurrentMap<String, CallSender> senders = new ConcurrentHashMap<>();

    /**
     * Creates groups without calls.
     *
     * @param client is not asked for before the first call
     * @param later runs a task when {@link CallGroup#USUAL_NANOS} have gone by
     * @param counts is told of calls that go together
     */
    GroupedCalls(Supplier<RedissonClient> client, Executor later, CallCounts counts, Ticker ticker) {
        this.newSender = new MadeOnce<>(() -> newSender(client.get(), later, counts, ticker));
    }

    private static Function<String, CallSender> newSender(
            RedissonClient client, Executor later, CallCounts counts, Ticker ticker) {
        RedissonCommands redisson = new RedissonCommands(client);
        RedisMasters masters = RedisMasters.of(client);
        Executor sending = NetworkThread.of(client);
        BulkCommands alone = LoneCommands.of(masters, redisson);
        if (!alone.cluster()) {
            return group -> new CallGroup(alone, () -> new MergedCommands(alone), sending, later, counts, ticker);
        }
        return masters == null
                ? group -> new Ungrouped(alone)
                : group -> new ClusterCommands<>(
                        redisson,
                        masters::of,
                        master -> new CallGroup(
                                alone, () -> new Pipeline(master, masters, redisson), sending, later, counts, ticker));
    }

    <T extends @Nullable Object> CompletableFuture<T> send(
            String group, Function<KeyCommands, CompletionStage<T>> command) {
        GroupedCall<T> call = new GroupedCall<>(command);
        CallSender sender = senders.get(group); // which takes no lock
        (sender != null ? sender : senders.computeIfAbsent(group, newSender.get())).begin(call);
        return call.answer();
    }

    /** Fails the calls that wait to be sent. */
    void close() {
        senders.values().forEach(CallSender::close);
    }

    /** Sends each call by itself. */
    private record Ungrouped(KeyCommands alone) implements CallSender {

        @Override
        public void begin(GroupedCall<?> call) {
            call.issue(alone);
        }

        @Override
        public void close() {
            // no call ever waits
        }
    }
}
