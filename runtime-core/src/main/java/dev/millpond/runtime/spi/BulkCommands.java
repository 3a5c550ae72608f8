package dev.millpond.runtime.spi;

import dev.millpond.runtime.internal.LoneCommands;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RedissonClient;

/** Commands about one key, and about many at once; each is sent alone when it is issued. Thread-safe. */
public interface BulkCommands extends KeyCommands {

    /**
     * Returns the bytes at keys in their order, with null for those that do not exist or hold something else.
     *
     * @param keys may be on several servers
     */
    CompletionStage<List<byte @Nullable []>> getAll(List<String> keys);

    /** Returns the commands of a client. */
    static BulkCommands of(RedissonClient client) {
        return LoneCommands.of(client);
    }
}
