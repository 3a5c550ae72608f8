package dev.millpond.runtime.internal;

import dev.millpond.runtime.spi.KeyCommands;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RScript.ReturnType;

/** Commands of which one runs scripts of all kinds. */
interface ScriptCommands extends KeyCommands {

    /** Runs a script that answers with what its type says. */
    <T extends @Nullable Object> CompletionStage<T> eval(
            String script, ReturnType answer, List<String> keys, List<byte[]> arguments);

    @Override
    default CompletionStage<byte @Nullable []> evalBytes(String script, List<String> keys, List<byte[]> arguments) {
        return eval(script, ReturnType.VALUE, keys, arguments);
    }

    @Override
    default CompletionStage<Long> evalLong(String script, List<String> keys, List<byte[]> arguments) {
        return eval(script, ReturnType.LONG, keys, arguments);
    }

    @Override
    default CompletionStage<List<Object>> evalList(String script, List<String> keys, List<byte[]> arguments) {
        return eval(script, ReturnType.LIST, keys, arguments);
    }
}
