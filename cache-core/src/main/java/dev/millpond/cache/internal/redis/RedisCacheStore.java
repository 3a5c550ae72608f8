package dev.millpond.cache.internal.redis;

import dev.millpond.cache.spi.CacheStore;
import dev.millpond.runtime.spi.RedisGuard;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RBatch;
import org.redisson.api.RFuture;
import org.redisson.api.RScript.Mode;
import org.redisson.api.RScript.ReturnType;
import org.redisson.api.RScriptAsync;
import org.redisson.api.RedissonClient;
import org.redisson.client.RedisNoScriptException;
import org.redisson.client.codec.ByteArrayCodec;

/** The second level in Redis: a hit is one plain GET, all else a script on the entry's own key. */
final class RedisCacheStore implements CacheStore {

    private final RedisGuard redis;
    private final Duration budget;
    private final byte[] channel;
    private final Releases releases;

    RedisCacheStore(RedisGuard redis, Duration budget, String channel, Releases releases) {
        this.redis = redis;
        this.budget = budget;
        this.channel = channel.getBytes(StandardCharsets.UTF_8);
        this.releases = releases;
    }

    @Override
    public byte @Nullable [] get(String key) {
        return redis.<byte @Nullable []>call(
                budget,
                client -> client.<byte[]>getBucket(key, ByteArrayCodec.INSTANCE).getAsync());
    }

    @Override
    public List<byte @Nullable []> getAll(List<String> keys) {
        List<byte @Nullable []> answers = new ArrayList<>(keys.size());
        Parts.of(keys).forEach(part -> {
            Map<String, byte[]> stored = redis.call(
                    budget, client -> client.getBuckets(ByteArrayCodec.INSTANCE).getAsync(part.toArray(new String[0])));
            part.forEach(key -> answers.add(stored.get(key)));
        });
        return answers;
    }

    @Override
    public byte @Nullable [] getOrLease(String key, byte[] lease, Duration leaseTime) {
        return redis.<byte @Nullable []>call(
                budget, client -> getOrLease(client.getScript(ByteArrayCodec.INSTANCE), key, lease, leaseTime));
    }

    @Override
    @SuppressWarnings("unchecked") // A batch answers with untyped lists.
    public List<byte @Nullable []> getOrLeaseAll(List<String> keys, List<byte[]> leases, Duration leaseTime) {
        return (List<byte @Nullable []>) (List<?>) batch(IntStream.range(0, keys.size())
                .<Command>mapToObj(i -> script -> getOrLease(script, keys.get(i), leases.get(i), leaseTime))
                .toList());
    }

    @Override
    public boolean putIf(ConditionalPut put) {
        return redis.call(budget, client -> putIf(client.getScript(ByteArrayCodec.INSTANCE), put)) == 1;
    }

    @Override
    public List<Boolean> putAllIf(List<ConditionalPut> puts) {
        return done(batch(
                puts.stream().<Command>map(put -> script -> putIf(script, put)).toList()));
    }

    @Override
    public void put(String key, byte[] bytes, Duration timeToLive) {
        redis.<@Nullable Void>call(
                budget,
                client -> client.<byte[]>getBucket(key, ByteArrayCodec.INSTANCE).setAsync(bytes, timeToLive));
    }

    @Override
    public CompletionStage<?> dropIf(String key, byte[] expectedPrefix) {
        return redis.callAsync(
                budget,
                client -> client.getScript(ByteArrayCodec.INSTANCE)
                        .<Long>evalAsync(
                                Mode.READ_WRITE,
                                Scripts.DROP_IF,
                                ReturnType.LONG,
                                List.of(key),
                                expectedPrefix,
                                channel));
    }

    @Override
    public CompletionStage<?> remove(Collection<String> keys) {
        return CompletableFuture.allOf(Parts.of(List.copyOf(keys)).stream()
                .map(part -> redis.callAsync(
                                budget, client -> client.getKeys().unlinkAsync(part.toArray(new String[0])))
                        .toCompletableFuture())
                .toArray(CompletableFuture[]::new));
    }

    @Override
    public CompletionStage<List<Boolean>> replacePrefixes(List<PrefixChange> changes) {
        List<Command> commands = changes.stream()
                .<Command>map(change -> script -> replacePrefix(script, change))
                .toList();
        return Parts.of(commands).stream()
                .map(part -> redis.<List<?>>callAsync(budget, client -> execute(client, part))
                        .thenApply(RedisCacheStore::done))
                .reduce((one, next) -> one.thenCombine(next, RedisCacheStore::joined))
                .orElseGet(() -> CompletableFuture.completedStage(List.of()));
    }

    @Override
    public void onRelease(Consumer<String> listener) {
        releases.onRelease(listener);
    }

    /** Sends commands in batches, each within the budget; the answers are in the order of the commands. */
    private List<?> batch(List<Command> commands) {
        List<Object> answers = new ArrayList<>(commands.size());
        Parts.of(commands)
                .forEach(part -> answers.addAll(redis.<List<?>>call(budget, client -> execute(client, part))));
        return answers;
    }

    /** Redisson loads a script that Redis has forgotten for a single call, and not for a batch. */
    private static CompletionStage<List<?>> execute(RedissonClient client, List<Command> commands) {
        return send(client, commands)
                .exceptionallyCompose(failure -> isNoScript(failure)
                        ? loadScripts(client).thenCompose(loaded -> send(client, commands))
                        : CompletableFuture.failedStage(failure));
    }

    private static boolean isNoScript(Throwable failure) {
        return failure instanceof RedisNoScriptException || failure.getCause() instanceof RedisNoScriptException;
    }

    private static CompletionStage<?> loadScripts(RedissonClient client) {
        return CompletableFuture.allOf(Stream.of(Scripts.GET_OR_LEASE, Scripts.PUT_IF, Scripts.REPLACE_PREFIX)
                .map(script -> client.getScript().scriptLoadAsync(script).toCompletableFuture())
                .toArray(CompletableFuture[]::new));
    }

    private static CompletionStage<List<?>> send(RedissonClient client, List<Command> commands) {
        RBatch batch = client.createBatch();
        RScriptAsync script = batch.getScript(ByteArrayCodec.INSTANCE);
        int count =
                commands.stream().map(command -> command.send(script)).toList().size();
        return batch.executeAsync().thenApply(result -> result.getResponses().subList(0, count));
    }

    private static List<Boolean> joined(List<Boolean> some, List<Boolean> more) {
        List<Boolean> all = new ArrayList<>(some);
        all.addAll(more);
        return all;
    }

    private static List<Boolean> done(List<?> answers) {
        return answers.stream().map(answer -> Long.valueOf(1).equals(answer)).toList();
    }

    private static RFuture<byte @Nullable []> getOrLease(
            RScriptAsync script, String key, byte[] lease, Duration leaseTime) {
        return script.evalAsync(
                Mode.READ_WRITE, Scripts.GET_OR_LEASE, ReturnType.VALUE, List.of(key), lease, millis(leaseTime));
    }

    private static RFuture<Long> replacePrefix(RScriptAsync script, PrefixChange change) {
        return script.evalAsync(
                Mode.READ_WRITE,
                Scripts.REPLACE_PREFIX,
                ReturnType.LONG,
                List.of(change.key()),
                change.expectedPrefix(),
                change.prefix());
    }

    private RFuture<Long> putIf(RScriptAsync script, ConditionalPut put) {
        return script.evalAsync(
                Mode.READ_WRITE,
                Scripts.PUT_IF,
                ReturnType.LONG,
                List.of(put.key()),
                put.expectedPrefix(),
                put.bytes(),
                millis(put.timeToLive()),
                channel);
    }

    private static byte[] millis(Duration duration) {
        return Long.toString(duration.toMillis()).getBytes(StandardCharsets.US_ASCII);
    }

    /** One script call of a batch. */
    @FunctionalInterface
    private interface Command {

        RFuture<?> send(RScriptAsync script);
    }
}
