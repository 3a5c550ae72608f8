package dev.millpond.cache.internal.redis;

import dev.millpond.runtime.spi.KeyCommands;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.redisson.api.RFuture;
import org.redisson.api.RScript.Mode;
import org.redisson.api.RScript.ReturnType;
import org.redisson.api.RScriptAsync;

/** A call that answers with a number. */
record LongCall(String script, String key, List<byte[]> arguments) implements ScriptCall<Long> {

    @Override
    public CompletionStage<Long> on(KeyCommands commands) {
        return commands.evalLong(script, List.of(key), arguments);
    }

    @Override
    public RFuture<Long> on(RScriptAsync batch) {
        return batch.evalAsync(Mode.READ_WRITE, script, ReturnType.LONG, List.of(key), arguments.toArray());
    }
}
