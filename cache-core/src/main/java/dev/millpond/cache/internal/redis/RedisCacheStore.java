package dev.millpond.cache.internal.redis;

import dev.millpond.cache.spi.CacheStore;
import dev.millpond.runtime.spi.BulkCommands;
import dev.millpond.runtime.spi.KeyCommands;
import dev.millpond.runtime.spi.RedisGuard;
import dev.millpond.runtime.spi.RedisUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RBatch;
import org.redisson.api.RedissonClient;
import org.redisson.client.RedisException;
import org.redisson.client.codec.ByteArrayCodec;

/**
 * The second level in Redis: a hit is one plain GET, all else a script on the entry's own key.
 *
 * <p>What concerns many keys is sent in parts, one after the other, each within the budget.
 */
final class RedisCacheStore implements CacheStore {

    private static final String GROUP = "cache";

    private final RedisGuard redis;
    private final Duration budget;
    private final EntryScripts scripts;
    private final Releases releases;
    private final ReadParts reads = new ReadParts();
    private final SharedCalls<Long> removals = new SharedCalls<>(this::unlink);

    RedisCacheStore(RedisGuard redis, Duration budget, String channel, Releases releases) {
        this.redis = redis;
        this.budget = budget;
        this.scripts = new EntryScripts(channel);
        this.releases = releases;
    }

    @Override
    public byte @Nullable [] get(String key) {
        try {
            return read(key, commands -> commands.get(key));
        } catch (RedisUnavailableException e) {
            if (isOfAnotherType(e.getCause())) {
                return new byte[0];
            }
            throw e;
        }
    }

    private static boolean isOfAnotherType(@Nullable Throwable failure) {
        return failure instanceof RedisException
                && failure.getMessage() != null
                && failure.getMessage().startsWith("WRONGTYPE");
    }

    @Override
    public List<byte @Nullable []> getAll(List<String> keys) {
        return reads.read(keys, (from, to) -> getPart(keys.subList(from, to)));
    }

    private List<byte @Nullable []> getPart(List<String> keys) {
        return redis.call(budget, client -> BulkCommands.of(client).getAll(keys));
    }

    @Override
    public byte @Nullable [] getOrLease(String key, byte[] lease, Duration leaseTime) {
        return read(key, scripts.getOrLease(key, lease, leaseTime)::on);
    }

    @Override
    @SuppressWarnings("unchecked") // A batch answers with untyped lists.
    public List<byte @Nullable []> getOrLeaseAll(List<String> keys, List<byte[]> leases, Duration leaseTime) {
        return reads.read(keys, (from, to) -> (List<byte @Nullable []>) batch(IntStream.range(from, to)
                .mapToObj(i -> scripts.getOrLease(keys.get(i), leases.get(i), leaseTime))
                .toList()));
    }

    @Override
    public boolean putIf(ConditionalPut put) {
        return call(put.key(), put.bytes().length, scripts.putIf(put)::on) == 1;
    }

    @Override
    public List<Boolean> putAllIf(List<ConditionalPut> puts) {
        List<Boolean> answers = new ArrayList<>(puts.size());
        for (List<ConditionalPut> part : Parts.of(puts, put -> put.bytes().length)) {
            answers.addAll(done(batch(part.stream().map(scripts::putIf).toList())));
            reads.stored(
                    part.get(0).key(),
                    part.stream().<byte @Nullable []>map(ConditionalPut::bytes).toList());
        }
        return answers;
    }

    @Override
    public List<Boolean> replaceHeaders(List<ConditionalPut> headers) {
        if (headers.size() == 1) {
            ConditionalPut header = headers.get(0);
            return List.of(call(header.key(), header.bytes().length, scripts.replaceHeader(header)::on) == 1);
        }
        List<Boolean> answers = new ArrayList<>(headers.size());
        for (List<ConditionalPut> part : Parts.of(headers, header -> header.bytes().length)) {
            answers.addAll(done(batch(part.stream().map(scripts::replaceHeader).toList())));
        }
        return answers;
    }

    @Override
    public void put(String key, byte[] bytes, Duration timeToLive) {
        var unused = call(key, bytes.length, commands -> commands.set(key, bytes, timeToLive));
    }

    @Override
    public void putAll(List<Put> puts) {
        for (List<Put> part : Parts.of(puts, put -> put.bytes().length)) {
            redis.call(budget, client -> putPart(client, part));
            reads.stored(
                    part.get(0).key(),
                    part.stream().<byte @Nullable []>map(Put::bytes).toList());
        }
    }

    private static CompletionStage<?> putPart(RedissonClient client, List<Put> part) {
        RBatch batch = client.createBatch();
        for (Put put : part) {
            // It is answered with the others.
            var unused =
                    batch.<byte[]>getBucket(put.key(), ByteArrayCodec.INSTANCE).setAsync(put.bytes(), put.timeToLive());
        }
        return batch.executeAsync();
    }

    @Override
    public CompletionStage<?> dropAllIf(List<ConditionalDrop> drops) {
        CompletionStage<?> all = CompletableFuture.completedStage(null);
        for (List<ConditionalDrop> part : Parts.of(drops)) {
            CompletionStage<?> before = all;
            // Where some could not be removed, the others need not hold anybody off.
            CompletionStage<?> next =
                    before.handle((done, failure) -> done).thenCompose(done -> batchAsync(part, scripts::dropIf));
            all = before.thenCombine(next, (one, two) -> two);
        }
        return all;
    }

    @Override
    public CompletionStage<?> remove(Collection<String> keys) {
        return CompletableFuture.allOf(
                Parts.of(List.copyOf(keys)).stream().map(removals::begin).toArray(CompletableFuture[]::new));
    }

    private CompletionStage<Long> unlink(List<String> keys) {
        return redis.callAsync(budget, client -> client.getKeys().unlinkAsync(keys.toArray(new String[0])));
    }

    @Override
    public CompletionStage<List<Boolean>> replacePrefixes(List<PrefixChange> changes) {
        CompletionStage<List<Boolean>> all = CompletableFuture.completedStage(List.of());
        for (List<PrefixChange> part : Parts.of(changes)) {
            all = all.thenCompose(before ->
                    batchAsync(part, scripts::replacePrefix).thenApply(answers -> joined(before, done(answers))));
        }
        return all;
    }

    @Override
    public void onRelease(Consumer<String> listener) {
        releases.onRelease(listener);
    }

    private byte @Nullable [] read(String key, Function<KeyCommands, CompletionStage<byte @Nullable []>> command) {
        boolean large = reads.areLarge(key);
        byte[] value = call(large, command);
        if (value != null && (large || value.length > ReadParts.LARGE)) {
            reads.stored(key, Collections.singletonList(value));
        }
        return value;
    }

    /** Sends so many bytes for a key. */
    private <T extends @Nullable Object> T call(
            String key, int bytes, Function<KeyCommands, CompletionStage<T>> command) {
        return call(bytes > ReadParts.LARGE || reads.areLarge(key), command);
    }

    /** Sends a command with those of others, unless they would have to wait for a large value. */
    private <T extends @Nullable Object> T call(boolean large, Function<KeyCommands, CompletionStage<T>> command) {
        return large
                ? redis.call(budget, client -> command.apply(BulkCommands.of(client)))
                : redis.callGrouped(budget, GROUP, command);
    }

    private List<?> batch(List<? extends ScriptCall<?>> calls) {
        return redis.call(budget, client -> ScriptBatch.execute(client, calls));
    }

    private <T> CompletionStage<List<?>> batchAsync(List<T> part, Function<T, ScriptCall<?>> script) {
        return redis.callAsync(
                budget,
                client -> ScriptBatch.execute(client, part.stream().map(script).toList()));
    }

    private static List<Boolean> joined(List<Boolean> some, List<Boolean> more) {
        return Stream.concat(some.stream(), more.stream()).toList();
    }

    private static List<Boolean> done(List<?> answers) {
        return answers.stream().map(answer -> Long.valueOf(1).equals(answer)).toList();
    }
}
