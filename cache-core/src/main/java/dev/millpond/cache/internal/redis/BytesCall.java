package dev.millpond.cache.internal.redis;

import dev.millpond.runtime.spi.KeyCommands;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RFuture;
import org.redisson.api.RScript.Mode;
import org.redisson.api.RScript.ReturnType;
import org.redisson.api.RScriptAsync;

/** A call that answers with bytes, or null. */
record BytesCall(String script, String key, List<byte[]> arguments) implements ScriptCall<byte @Nullable []> {

    @Override
    public CompletionStage<byte @Nullable []> on(KeyCommands commands) {
        return commands.evalBytes(script, List.of(key), arguments);
    }

    @Override
    public RFuture<byte @Nullable []> on(RScriptAsync batch) {
        return batch.evalAsync(Mode.READ_WRITE, script, ReturnType.VALUE, List.of(key), arguments.toArray());
    }
}
