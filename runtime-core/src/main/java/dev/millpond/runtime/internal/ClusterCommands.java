package dev.millpond.runtime.internal;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.millpond.runtime.spi.KeyCommands;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Commands about keys of a cluster, each of which goes with others to the same master; thread-safe.
 *
 * <p>A master that is slow holds up commands to itself alone.
 *
 * @param <M> the type of masters
 */
final class ClusterCommands<M> implements CallSender {

    /** The group of a master that has left the cluster is forgotten, and with it the master. */
    private static final Duration UNUSED = Duration.ofMinutes(10);

    private final KeyCommands alone;
    private final Function<String, @Nullable M> masterOf;
    private final Function<M, CallGroup> newGroup;
    private final Cache<M, CallGroup> groups =
            Caffeine.newBuilder().expireAfterAccess(UNUSED).build();

    /**
     * Creates the commands.
     *
     * @param masterOf returns the master that has a key; null if there is none at the moment
     */
    ClusterCommands(KeyCommands alone, Function<String, @Nullable M> masterOf, Function<M, CallGroup> newGroup) {
        this.alone = alone;
        this.masterOf = masterOf;
        this.newGroup = newGroup;
    }

    /** Returns the commands for one caller, who has given up when the answer to him is cancelled. */
    KeyCommands of(CompletableFuture<?> caller) {
        return new OfCaller(caller);
    }

    @Override
    public void begin(GroupedCall<?> call) {
        call.issue(of(call.answer()));
    }

    @Override
    public void close() {
        groups.asMap().values().forEach(CallGroup::close);
    }

    private final class OfCaller implements KeyCommands {

        private final CompletableFuture<?> caller;

        private OfCaller(CompletableFuture<?> caller) {
            this.caller = caller;
        }

        private <T extends @Nullable Object> CompletionStage<T> begin(
                String key, Function<KeyCommands, CompletionStage<T>> command) {
            M master = masterOf.apply(key);
            if (master == null) {
                return command.apply(alone);
            }
            GroupedCall<T> call = new GroupedCall<>(command);
            Answers.cancelWith(caller, call.answer());
            groups.get(master, newGroup).begin(call);
            return call.answer();
        }

        /** All keys of a script are in one slot, or Redis refuses it. */
        private <T extends @Nullable Object> CompletionStage<T> beginScript(
                List<String> keys, Function<KeyCommands, CompletionStage<T>> command) {
            return keys.isEmpty() ? command.apply(alone) : begin(keys.get(0), command);
        }

        @Override
        public CompletionStage<byte @Nullable []> get(String key) {
            return begin(key, commands -> commands.get(key));
        }

        @Override
        public CompletionStage<@Nullable Void> set(String key, byte[] value, Duration timeToLive) {
            return this.<@Nullable Void>begin(key, commands -> commands.set(key, value, timeToLive));
        }

        @Override
        public CompletionStage<byte @Nullable []> evalBytes(String script, List<String> keys, List<byte[]> arguments) {
            return beginScript(keys, commands -> commands.evalBytes(script, keys, arguments));
        }

        @Override
        public CompletionStage<Long> evalLong(String script, List<String> keys, List<byte[]> arguments) {
            return beginScript(keys, commands -> commands.evalLong(script, keys, arguments));
        }

        @Override
        public CompletionStage<List<Object>> evalList(String script, List<String> keys, List<byte[]> arguments) {
            return beginScript(keys, commands -> commands.evalList(script, keys, arguments));
        }

        @Override
        public boolean cluster() {
            return alone.cluster();
        }
    }
}
