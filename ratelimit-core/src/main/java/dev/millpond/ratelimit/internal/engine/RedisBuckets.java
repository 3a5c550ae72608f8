package dev.millpond.ratelimit.internal.engine;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.ratelimit.InFlightLimit;
import dev.millpond.ratelimit.internal.engine.BucketScript.Reply;
import dev.millpond.ratelimit.internal.engine.TakeCommand.Taken;
import dev.millpond.runtime.spi.RedisGuard;
import io.github.bucket4j.distributed.proxy.ClientSideConfig;
import io.github.bucket4j.distributed.proxy.generic.compare_and_swap.AbstractCompareAndSwapBasedProxyManager;
import io.github.bucket4j.distributed.proxy.generic.compare_and_swap.AsyncCompareAndSwapOperation;
import io.github.bucket4j.distributed.proxy.generic.compare_and_swap.CompareAndSwapOperation;
import io.github.bucket4j.distributed.remote.CommandResult;
import io.github.bucket4j.distributed.remote.RemoteBucketState;
import io.github.bucket4j.distributed.remote.Request;
import io.github.bucket4j.distributed.serialization.Mapper;
import io.github.bucket4j.distributed.versioning.Versions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Bucket4j's buckets in Redis, changed by compare-and-swap through the guarded client.
 *
 * <p>One operation, with all its attempts, has one deadline.
 *
 * @param <K> what names a bucket
 */
sealed class RedisBuckets<K> extends AbstractCompareAndSwapBasedProxyManager<K> permits ScriptBuckets {

    /** Decisions do not wait for the values of caches. */
    static final String GROUP = "decisions";

    private final RedisGuard guard;
    private final Mapper<K> names;
    private final Duration budget;
    private final Supplier<Deadline> deadlines;
    private final BucketScript script;

    RedisBuckets(
            ClientSideConfig config,
            RedisGuard guard,
            Mapper<K> names,
            Duration budget,
            Ticker ticker,
            UnaryOperator<String> scriptChange) {
        this(
                config,
                guard,
                names,
                budget,
                () -> Deadline.in(budget, ticker),
                new BucketScript(expiryIn(config).orElse(Expiry.FOREVER), scriptChange));
    }

    /** Returns how long the script lets Redis keep buckets; empty if it cannot do what a configuration says. */
    static Optional<Expiry> expiryIn(ClientSideConfig config) {
        return Expiry.of(config.getExpirationAfterWriteStrategy());
    }

    private RedisBuckets(
            ClientSideConfig config,
            RedisGuard guard,
            Mapper<K> names,
            Duration budget,
            Supplier<Deadline> deadlines,
            BucketScript script) {
        super(config);
        this.guard = guard;
        this.names = names;
        this.budget = budget;
        this.deadlines = deadlines;
        this.script = script;
    }

    /** Returns the same buckets, for an operation that has begun and ends at a deadline. */
    final RedisBuckets<K> swapping(Deadline deadline) {
        return new RedisBuckets<>(getClientSideConfig(), guard, names, budget, () -> deadline, script);
    }

    final Deadline newDeadline() {
        return deadlines.get();
    }

    final RedisGuard guard() {
        return guard;
    }

    final <T> CompletableFuture<T> run(K key, BucketCommand<T> command) {
        return run(key, command, newDeadline());
    }

    <T> CompletableFuture<T> run(K key, BucketCommand<T> command, Deadline deadline) {
        return executeAsync(key, new Request<>(command, Versions.getLatest(), null, null), deadline)
                .thenApply(result -> result.getData());
    }

    /** Goes on with an operation that may have begun. */
    <T> CompletableFuture<CommandResult<T>> executeAsync(K key, Request<T> request, Deadline deadline) {
        return swapping(deadline).executeAsync(key, request);
    }

    /** Decides on several buckets in one call; returns empty if that cannot be done, and nothing has been changed. */
    CompletableFuture<Optional<List<Taken>>> takeJointly(JointTake take) {
        return CompletableFuture.completedFuture(Optional.empty());
    }

    /** Takes tokens and lends some; returns empty if that cannot be done, and nothing has been changed. */
    CompletableFuture<Optional<LeaseScript.Reply>> lease(LeaseCall call, Deadline deadline) {
        return CompletableFuture.completedFuture(Optional.empty());
    }

    final String name(K key) {
        return names.toString(key);
    }

    /** Takes a place among requests in flight, by the clock of Redis; tells whether one was free. */
    final CompletableFuture<Boolean> enter(String key, InFlightLimit limit, String name) {
        return send(List.of(key), ScriptCall.entering(limit, name), newDeadline())
                .thenApply(reply -> reply.isPresent() && reply.get().taken().get(0) < limit.most());
    }

    final CompletableFuture<Optional<Reply>> send(List<String> keys, ScriptCall call, Deadline deadline) {
        Duration allowed = deadline.leftWithin(getClientSideConfig().getRequestTimeoutNanos());
        int count = keys.size() - call.places().size();
        List<byte[]> arguments = BucketScript.arguments(call, count); // here: one thread sends the calls of all
        return guard.callGroupedAsync(allowed, GROUP, commands -> script.send(commands, keys, arguments, count))
                .toCompletableFuture();
    }

    @Override
    protected AsyncCompareAndSwapOperation beginAsyncCompareAndSwapOperation(K key) {
        return new BucketSwap(guard, name(key), newDeadline(), this::timeToLiveMillis);
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
        return guard.callAsync(budget, client -> client.getBucket(name(key)).deleteAsync())
                .<Void>thenApply(deleted -> null)
                .toCompletableFuture();
    }
}
