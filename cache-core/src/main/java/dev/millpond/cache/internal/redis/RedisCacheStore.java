package dev.millpond.cache.internal.redis;

import dev.millpond.cache.spi.CacheStore;
import dev.millpond.runtime.spi.RedisGuard;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RBatch;
import org.redisson.api.RFuture;
import org.redisson.api.RScript.Mode;
import org.redisson.api.RScript.ReturnType;
import org.redisson.api.RScriptAsync;
import org.redisson.api.RedissonClient;
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
        if (keys.isEmpty()) {
            return List.of();
        }
        Map<String, byte[]> stored = redis.call(
                budget, client -> client.getBuckets(ByteArrayCodec.INSTANCE).getAsync(keys.toArray(new String[0])));
        List<byte @Nullable []> answers = new ArrayList<>(keys.size());
        keys.forEach(key -> answers.add(stored.get(key)));
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
        return (List<byte @Nullable []>) (List<?>) batch(script -> IntStream.range(0, keys.size())
                .mapToObj(i -> getOrLease(script, keys.get(i), leases.get(i), leaseTime))
                .toList());
    }

    @Override
    public boolean putIf(ConditionalPut put) {
        return redis.call(budget, client -> putIf(client.getScript(ByteArrayCodec.INSTANCE), put)) == 1;
    }

    @Override
    public List<Boolean> putAllIf(List<ConditionalPut> puts) {
        return done(batch(script -> puts.stream().map(put -> putIf(script, put)).toList()));
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
        return redis.callAsync(budget, client -> client.getKeys().unlinkAsync(keys.toArray(new String[0])));
    }

    @Override
    public CompletionStage<List<Boolean>> replacePrefixes(List<PrefixChange> changes) {
        return redis.<List<?>>callAsync(
                        budget,
                        client -> execute(
                                client,
                                script -> changes.stream()
                                        .map(change -> replacePrefix(script, change))
                                        .toList()))
                .thenApply(RedisCacheStore::done);
    }

    @Override
    public void onRelease(Consumer<String> listener) {
        releases.onRelease(listener);
    }

    private List<?> batch(Function<RScriptAsync, List<? extends RFuture<?>>> commands) {
        return redis.<List<?>>call(budget, client -> execute(client, commands));
    }

    /** Sends commands as one batch per node; the answers are in the order of the commands. */
    private static CompletionStage<List<?>> execute(
            RedissonClient client, Function<RScriptAsync, List<? extends RFuture<?>>> commands) {
        RBatch batch = client.createBatch();
        int count = commands.apply(batch.getScript(ByteArrayCodec.INSTANCE)).size();
        return batch.executeAsync().thenApply(result -> result.getResponses().subList(0, count));
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
}
