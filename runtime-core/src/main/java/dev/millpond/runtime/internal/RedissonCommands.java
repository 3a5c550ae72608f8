package dev.millpond.runtime.internal;

import dev.millpond.runtime.spi.BulkCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RBucketsAsync;
import org.redisson.api.RScript.Mode;
import org.redisson.api.RScript.ReturnType;
import org.redisson.api.RScriptAsync;
import org.redisson.api.RedissonClient;
import org.redisson.api.options.OptionalOptions;
import org.redisson.api.options.PlainOptions;
import org.redisson.client.codec.ByteArrayCodec;
import org.redisson.config.Config;
import org.redisson.config.ConfigSupport;
import org.redisson.config.DefaultCommandMapper;

/** Commands by Redisson, each sent when it is issued; thread-safe. */
final class RedissonCommands implements BulkCommands, ScriptCommands {

    private final RedissonClient client;
    private final boolean cluster;
    private final boolean namesScripts;
    private final RScriptAsync scripts;
    private final RBucketsAsync buckets;

    RedissonCommands(RedissonClient client) {
        // After a lost answer nobody knows what a script has done, and a second call would do it again.
        OptionalOptions once = OptionalOptions.defaults();
        once.codec(ByteArrayCodec.INSTANCE).retryAttempts(0);
        this.client = client;
        Config config = client.getConfig();
        this.cluster = config.isClusterConfig();
        this.namesScripts = config.isUseScriptCache() && hasUsualNames(config);
        this.scripts = client.getScript(once);
        this.buckets = client.getBuckets(once);
    }

    /** Tells whether commands have their own names, also those within scripts. */
    @SuppressWarnings("deprecation") // The setting of the servers is in force all the same.
    private static boolean hasUsualNames(Config config) {
        return Stream.of(
                        config.getCommandMapper(),
                        ConfigSupport.getConfig(config).getCommandMapper())
                .allMatch(DefaultCommandMapper.class::isInstance);
    }

    @Override
    public CompletionStage<byte @Nullable []> get(String key) {
        return client.<byte @Nullable []>getBucket(once(key)).getAsync();
    }

    @Override
    public CompletionStage<List<byte @Nullable []>> getAll(List<String> keys) {
        return buckets.<byte[]>getAsync(keys.toArray(new String[0])).thenApply(values -> {
            List<byte @Nullable []> inOrder = new ArrayList<>(keys.size());
            keys.forEach(key -> inOrder.add(values.get(key)));
            return inOrder;
        });
    }

    @Override
    @SuppressWarnings("NullAway") // Redisson does not say that it answers with null.
    public CompletionStage<@Nullable Void> set(String key, byte[] value, Duration timeToLive) {
        return client.<byte[]>getBucket(once(key)).setAsync(value, timeToLive);
    }

    private static PlainOptions once(String key) {
        return PlainOptions.name(key).codec(ByteArrayCodec.INSTANCE).retryAttempts(0);
    }

    /** Names the script where that may be: Redisson, which may need to send it whole, copies all arguments. */
    @Override
    public <T extends @Nullable Object> CompletionStage<T> eval(
            String script, ReturnType answer, List<String> keys, List<byte[]> arguments) {
        if (!namesScripts) {
            return evalUnknown(script, answer, keys, arguments);
        }
        CompletableFuture<T> result = new CompletableFuture<>();
        var unused = scripts.<T>evalShaAsync(
                        Mode.READ_WRITE, ScriptDigests.of(script), answer, List.copyOf(keys), arguments.toArray())
                .whenComplete((value, failure) -> Answers.endOrAskAgain(
                        result, value, failure, () -> evalUnknown(script, answer, keys, arguments)));
        return result;
    }

    /** Runs a script that its server may not know. */
    <T extends @Nullable Object> CompletionStage<T> evalUnknown(
            String script, ReturnType answer, List<String> keys, List<byte[]> arguments) {
        return scripts.evalAsync(Mode.READ_WRITE, script, answer, List.copyOf(keys), arguments.toArray());
    }

    /** Tells whether a script may be called by its digest. */
    boolean namesScripts() {
        return namesScripts;
    }

    @Override
    public boolean cluster() {
        return cluster;
    }
}
