package dev.millpond.ratelimit.internal.engine;

import dev.millpond.runtime.spi.RedisGuard;
import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.distributed.proxy.generic.compare_and_swap.AsyncCompareAndSwapOperation;
import io.github.bucket4j.distributed.remote.MutableBucketEntry;
import io.github.bucket4j.distributed.remote.RemoteBucketState;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RBucket;
import org.redisson.api.RScript;
import org.redisson.api.RedissonClient;
import org.redisson.api.options.OptionalOptions;
import org.redisson.api.options.PlainOptions;
import org.redisson.client.codec.ByteArrayCodec;
import org.redisson.config.ReadMode;

/**
 * Reads one bucket, and replaces it if nobody else did meanwhile.
 *
 * <p>A refused replacement brings the bucket as it is now, so the next attempt needs no read: among nodes that change
 * one bucket all the time, who has just lost is quicker than who has just won.
 *
 * <p>No command is sent twice: after a lost answer nobody knows whether tokens were taken, and a second try could take
 * them again.
 */
final class BucketSwap implements AsyncCompareAndSwapOperation {

    /** The time to live of a bucket that never expires. */
    static final long FOREVER = -1;

    /** An absent bucket counts as empty text. A refusal brings what is stored instead. */
    private static final String COMPARE_AND_SET = """
            local stored = redis.call('GET', KEYS[1]) or ''
            if stored ~= ARGV[1] then
              return {stored}
            end
            if ARGV[3] == '' then
              redis.call('SET', KEYS[1], ARGV[2])
            else
              redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
            end
            return {}
            """;

    private static final byte[] ABSENT = {};

    private final RedisGuard guard;
    private final String key;
    private final Deadline deadline;
    private final ToLongFunction<RemoteBucketState> timeToLiveMillis;
    private volatile byte[] unreadable = ABSENT;
    private volatile byte @Nullable [] broughtByRefusal;
    private volatile @Nullable RemoteBucketState refused;

    BucketSwap(RedisGuard guard, String key, Deadline deadline, ToLongFunction<RemoteBucketState> timeToLiveMillis) {
        this.guard = guard;
        this.key = key;
        this.deadline = deadline;
        this.timeToLiveMillis = timeToLiveMillis;
    }

    @Override
    public CompletableFuture<Optional<byte[]>> getStateData(Optional<Long> timeoutNanos) {
        byte[] stored = broughtByRefusal;
        broughtByRefusal = null;
        return stored == null
                ? send(timeoutNanos, client -> bucket(client).getAsync()).thenApply(this::readable)
                : CompletableFuture.completedFuture(readable(stored));
    }

    /** Bytes that are not a bucket count as none: else no decision on the key could be made while they are there. */
    private Optional<byte[]> readable(byte @Nullable [] stored) {
        boolean readable = stored != null && isBucket(stored);
        unreadable = readable || stored == null ? ABSENT : stored;
        return readable ? Optional.ofNullable(stored) : Optional.empty();
    }

    private static boolean isBucket(byte[] stored) {
        try {
            return new MutableBucketEntry(stored).exists();
        } catch (RuntimeException e) {
            return false;
        }
    }

    @Override
    public CompletableFuture<Boolean> compareAndSwap(
            byte @Nullable [] original, byte[] changed, RemoteBucketState state, Optional<Long> timeoutNanos) {
        byte[] expected = original == null ? unreadable : original;
        long millis = timeToLiveMillis.applyAsLong(state);
        return send(timeoutNanos, client -> compareAndSet(client, expected, changed, millis))
                .thenApply(refusal -> swapped(refusal, state));
    }

    private boolean swapped(List<byte[]> refusal, RemoteBucketState wanted) {
        if (refusal.isEmpty()) {
            return true;
        }
        broughtByRefusal = refusal.get(0);
        refused = wanted;
        return false;
    }

    private CompletionStage<List<byte[]>> compareAndSet(
            RedissonClient client, byte[] original, byte[] changed, long millis) {
        byte[] expiry = (millis < 0 ? "" : Long.toString(millis)).getBytes(StandardCharsets.US_ASCII);
        return client.getScript(OptionalOptions.defaults()
                        .codec(ByteArrayCodec.INSTANCE)
                        .retryAttempts(0))
                .evalAsync(
                        RScript.Mode.READ_WRITE,
                        COMPARE_AND_SET,
                        RScript.ReturnType.LIST,
                        List.of(key),
                        original,
                        changed,
                        expiry);
    }

    private RBucket<byte[]> bucket(RedissonClient client) {
        return client.getBucket(PlainOptions.name(key)
                .codec(ByteArrayCodec.INSTANCE)
                .readMode(ReadMode.MASTER)
                .retryAttempts(0));
    }

    private <T extends @Nullable Object> CompletableFuture<T> send(
            Optional<Long> timeoutNanos, Function<RedissonClient, CompletionStage<T>> command) {
        if (deadline.tooLateForACall()) {
            return CompletableFuture.failedFuture(tooLate());
        }
        return guard.callAsync(deadline.leftWithin(timeoutNanos), command).toCompletableFuture();
    }

    /** Only a refusal proves that others compete; without one, Redis alone has used up the time. */
    private RuntimeException tooLate() {
        RemoteBucketState wanted = refused;
        if (wanted == null) {
            return new RedisTooSlowException("Redis took so long that too little time was left for the next call.");
        }
        return new BucketContentionException(
                "Other nodes changed the bucket until too little time was left.", nearTheLimit(wanted));
    }

    /** Tells whether one of the limits would have been less than half full. */
    private static boolean nearTheLimit(RemoteBucketState bucket) {
        Bandwidth[] limits = bucket.getConfiguration().getBandwidths();
        return IntStream.range(0, limits.length).anyMatch(i -> {
            long left = bucket.getState().getCurrentSize(i);
            return left < limits[i].getCapacity() - left;
        });
    }
}
