package dev.millpond.cache.internal.redis;

import dev.millpond.runtime.spi.KeyCommands;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RFuture;
import org.redisson.api.RScript.Mode;
import org.redisson.api.RScript.ReturnType;
import org.redisson.api.RScriptAsync;

/**
 * One call of a script on one key, to be sent for itself or in a batch with others.
 *
 * @param <T> the type of its answer
 */
sealed interface ScriptCall<T extends @Nullable Object> {

    /** Sends it for itself. */
    CompletionStage<T> on(KeyCommands commands);

    /** Sends it with a batch. */
    RFuture<T> on(RScriptAsync batch);

    /** A call that answers with bytes, or null. */
    record OfBytes(String script, String key, List<byte[]> arguments) implements ScriptCall<byte @Nullable []> {

        @Override
        public CompletionStage<byte @Nullable []> on(KeyCommands commands) {
            return commands.evalBytes(script, List.of(key), arguments);
        }

        @Override
        public RFuture<byte @Nullable []> on(RScriptAsync batch) {
            return batch.evalAsync(Mode.READ_WRITE, script, ReturnType.VALUE, List.of(key), arguments.toArray());
        }
    }

    /** A call that answers with a number. */
    record OfLong(String script, String key, List<byte[]> arguments) implements ScriptCall<Long> {

        @Override
        public CompletionStage<Long> on(KeyCommands commands) {
            return commands.evalLong(script, List.of(key), arguments);
        }

        @Override
        public RFuture<Long> on(RScriptAsync batch) {
            return batch.evalAsync(Mode.READ_WRITE, script, ReturnType.LONG, List.of(key), arguments.toArray());
        }
    }
}
