package dev.millpond.ratelimit.internal.engine;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.runtime.spi.RedisGuard;
import io.github.bucket4j.distributed.proxy.ClientSideConfig;
import io.github.bucket4j.distributed.proxy.generic.compare_and_swap.AbstractCompareAndSwapBasedProxyManager;
import io.github.bucket4j.distributed.proxy.generic.compare_and_swap.AsyncCompareAndSwapOperation;
import io.github.bucket4j.distributed.proxy.generic.compare_and_swap.CompareAndSwapOperation;
import io.github.bucket4j.distributed.remote.RemoteBucketState;
import io.github.bucket4j.distributed.serialization.Mapper;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Bucket4j's buckets in Redis, changed by compare-and-swap through the guarded client.
 *
 * <p>One operation, with all its attempts, has one deadline.
 *
 * @param <K> what names a bucket
 */
final class RedisBuckets<K> extends AbstractCompareAndSwapBasedProxyManager<K> {

    private final RedisGuard guard;
    private final Mapper<K> names;
    private final Duration budget;
    private final Ticker ticker;

    RedisBuckets(ClientSideConfig config, RedisGuard guard, Mapper<K> names, Duration budget, Ticker ticker) {
        super(config);
        this.guard = guard;
        this.names = names;
        this.budget = budget;
        this.ticker = ticker;
    }

    @Override
    protected AsyncCompareAndSwapOperation beginAsyncCompareAndSwapOperation(K key) {
        return new BucketSwap(guard, names.toString(key), Deadline.in(budget, ticker), this::timeToLiveMillis);
    }

    @Override
    protected CompareAndSwapOperation beginCompareAndSwapOperation(K key) {
        return new WaitingSwap(beginAsyncCompareAndSwapOperation(key));
    }

    private long timeToLiveMillis(RemoteBucketState state) {
        return getClientSideConfig()
                .getExpirationAfterWriteStrategy()
                .map(expiration -> expiration.calculateTimeToLiveMillis(state, currentTimeNanos()))
                .orElse(BucketSwap.FOREVER);
    }

    @Override
    public boolean isAsyncModeSupported() {
        return true;
    }

    @Override
    public boolean isExpireAfterWriteSupported() {
        return true;
    }

    @Override
    public void removeProxy(K key) {
        removeAsync(key).join();
    }

    @Override
    protected CompletableFuture<Void> removeAsync(K key) {
        return guard.callAsync(
                        budget, client -> client.getBucket(names.toString(key)).deleteAsync())
                .<Void>thenApply(deleted -> null)
                .toCompletableFuture();
    }
}
