package dev.millpond.runtime.internal;

import dev.millpond.runtime.spi.KeyCommands;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RBatch;
import org.redisson.api.RBucketAsync;
import org.redisson.api.RScript.Mode;
import org.redisson.api.RScript.ReturnType;
import org.redisson.api.RScriptAsync;
import org.redisson.api.RedissonClient;
import org.redisson.api.options.OptionalOptions;
import org.redisson.api.options.PlainOptions;
import org.redisson.client.codec.ByteArrayCodec;

/** Commands by Redisson; thread-safe. */
public final class RedissonCommands implements KeyCommands {

    private final RedissonClient client;
    private final Function<String, RBucketAsync<byte @Nullable []>> buckets;
    private final Supplier<RScriptAsync> scripts;

    private RedissonCommands(
            RedissonClient client,
            Function<String, RBucketAsync<byte @Nullable []>> buckets,
            Supplier<RScriptAsync> scripts) {
        this.client = client;
        this.buckets = buckets;
        this.scripts = scripts;
    }

    /** Returns commands that are sent one by one. */
    public static KeyCommands alone(RedissonClient client) {
        // After a lost answer nobody knows what a script has done, and a second call would do it again.
        OptionalOptions once = OptionalOptions.defaults();
        once.codec(ByteArrayCodec.INSTANCE).retryAttempts(0);
        return new RedissonCommands(
                client,
                key -> client.getBucket(
                        PlainOptions.name(key).codec(ByteArrayCodec.INSTANCE).retryAttempts(0)),
                () -> client.getScript(once));
    }

    /** Returns commands that are sent with a batch of a client. */
    static KeyCommands in(RBatch batch, RedissonClient client) {
        return new RedissonCommands(
                client,
                key -> batch.getBucket(key, ByteArrayCodec.INSTANCE),
                () -> batch.getScript(ByteArrayCodec.INSTANCE));
    }

    @Override
    public CompletionStage<byte @Nullable []> get(String key) {
        return buckets.apply(key).getAsync();
    }

    @Override
    @SuppressWarnings("NullAway") // Redisson does not say that it answers with null.
    public CompletionStage<@Nullable Void> set(String key, byte[] value, Duration timeToLive) {
        return buckets.apply(key).setAsync(value, timeToLive);
    }

    @Override
    public CompletionStage<byte @Nullable []> evalBytes(String script, List<String> keys, List<byte[]> arguments) {
        return eval(script, ReturnType.VALUE, keys, arguments);
    }

    @Override
    public CompletionStage<Long> evalLong(String script, List<String> keys, List<byte[]> arguments) {
        return eval(script, ReturnType.LONG, keys, arguments);
    }

    @Override
    public CompletionStage<List<Object>> evalList(String script, List<String> keys, List<byte[]> arguments) {
        return eval(script, ReturnType.LIST, keys, arguments);
    }

    private <T extends @Nullable Object> CompletionStage<T> eval(
            String script, ReturnType answer, List<String> keys, List<byte[]> arguments) {
        return scripts.get().evalAsync(Mode.READ_WRITE, script, answer, List.copyOf(keys), arguments.toArray());
    }

    @Override
    public boolean cluster() {
        return client.getConfig().isClusterConfig();
    }
}
