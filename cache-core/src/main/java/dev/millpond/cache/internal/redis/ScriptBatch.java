package dev.millpond.cache.internal.redis;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.redisson.api.RBatch;
import org.redisson.api.RScriptAsync;
import org.redisson.api.RedissonClient;
import org.redisson.client.RedisNoScriptException;
import org.redisson.client.codec.ByteArrayCodec;

/** Sends calls of scripts at once; the answers are in the order of the calls. */
final class ScriptBatch {

    private ScriptBatch() {}

    /**
     * Sends calls, once more if Redis has forgotten the scripts.
     *
     * <p>Redisson loads a script that Redis has forgotten for a single call, and not for a batch. In a cluster the
     * servers that know the scripts carry their share of the calls out twice, which the scripts allow for.
     */
    static CompletionStage<List<?>> execute(RedissonClient client, List<? extends ScriptCall<?>> calls) {
        return send(client, calls)
                .exceptionallyCompose(failure -> isNoScript(failure)
                        ? loadScripts(client).thenCompose(loaded -> send(client, calls))
                        : CompletableFuture.failedStage(failure));
    }

    private static boolean isNoScript(Throwable failure) {
        return failure instanceof RedisNoScriptException || failure.getCause() instanceof RedisNoScriptException;
    }

    private static CompletionStage<?> loadScripts(RedissonClient client) {
        return CompletableFuture.allOf(EntryScripts.ALL.stream()
                .map(script -> client.getScript().scriptLoadAsync(script).toCompletableFuture())
                .toArray(CompletableFuture[]::new));
    }

    private static CompletionStage<List<?>> send(RedissonClient client, List<? extends ScriptCall<?>> calls) {
        RBatch batch = client.createBatch();
        RScriptAsync script = batch.getScript(ByteArrayCodec.INSTANCE);
        int count = calls.stream().map(call -> call.on(script)).toList().size();
        return batch.executeAsync().thenApply(result -> result.getResponses().subList(0, count));
    }
}
