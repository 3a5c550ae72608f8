package dev.millpond.runtime.internal;

import dev.millpond.runtime.spi.BulkCommands;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RedissonClient;
import org.redisson.client.protocol.RedisCommands;
import org.redisson.connection.MasterSlaveEntry;

/** Commands that are each written when they are issued; thread-safe. */
public final class LoneCommands extends MasterCommands implements BulkCommands {

    private LoneCommands(RedisMasters masters, RedissonCommands redisson) {
        super(masters, redisson);
    }

    /** Returns the commands of a client. */
    public static BulkCommands of(RedissonClient client) {
        return of(RedisMasters.of(client), new RedissonCommands(client));
    }

    /** Returns commands; those of Redisson if the masters are not known. */
    static BulkCommands of(@Nullable RedisMasters masters, RedissonCommands redisson) {
        return masters == null ? redisson : new LoneCommands(masters, redisson);
    }

    @Override
    public CompletionStage<List<byte @Nullable []>> getAll(List<String> keys) {
        return cluster() || keys.isEmpty()
                ? redisson().getAll(keys)
                : add(
                        keys.get(0),
                        command(
                                RedisCommands.MGET,
                                others -> others.getAll(keys),
                                keys.stream().map(this::name).toArray()));
    }

    @Override
    <T extends @Nullable Object> CompletionStage<T> add(String key, SentCommand<T> command) {
        MasterSlaveEntry master = masters().of(key);
        if (master == null) {
            return command.again();
        }
        new MasterWrite(master, masters().services(), List.of(command)).begin();
        return command.answer();
    }
}
