package dev.millpond.ratelimit.internal.engine;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.ratelimit.internal.engine.BucketScript.Reply;
import dev.millpond.ratelimit.internal.engine.TakeCommand.Taken;
import dev.millpond.runtime.spi.RedisGuard;
import io.github.bucket4j.distributed.proxy.ClientSideConfig;
import io.github.bucket4j.distributed.remote.CommandResult;
import io.github.bucket4j.distributed.remote.RemoteCommand;
import io.github.bucket4j.distributed.remote.Request;
import io.github.bucket4j.distributed.serialization.Mapper;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * Bucket4j's buckets in Redis, decided by one call of a script, by the clock of Redis.
 *
 * <p>The script changes the bucket as the command would, and returns it as it was: the command carried out on that, at
 * the time of Redis, gives the answer, so the answer is Bucket4j's own. Rare commands, and buckets whose numbers are
 * not exact in the script, are changed by compare-and-swap, by the clock of this node.
 *
 * @param <K> what names a bucket
 */
final class ScriptBuckets<K> extends RedisBuckets<K> {

    private final LeaseScript leases;
    private final Optional<Expiry> expiry;

    ScriptBuckets(
            ClientSideConfig config,
            RedisGuard guard,
            Mapper<K> names,
            Duration budget,
            Ticker ticker,
            BucketScript script,
            LeaseScript leases) {
        super(config, guard, names, budget, ticker, script);
        this.leases = leases;
        this.expiry = Expiry.of(config.getExpirationAfterWriteStrategy());
    }

    @Override
    public <T> CommandResult<T> execute(K key, Request<T> request) {
        try {
            return executeAsync(key, request).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    @Override
    public <T> CompletableFuture<CommandResult<T>> executeAsync(K key, Request<T> request) {
        return executeAsync(key, request, newDeadline());
    }

    @Override
    <T> CompletableFuture<CommandResult<T>> executeAsync(K key, Request<T> request, Deadline deadline) {
        Optional<ScriptCall> call = expiry.flatMap(known -> ScriptCall.of(request.getCommand()));
        if (call.isEmpty()) {
            return swapping(deadline).executeAsync(key, request);
        }
        return send(List.of(name(key)), call.get(), expiry.orElseThrow(), deadline)
                .thenCompose(reply -> reply.isPresent()
                        ? CompletableFuture.completedFuture(answer(request.getCommand(), reply.get()))
                        : swapping(deadline).executeAsync(key, request));
    }

    @Override
    CompletableFuture<Optional<List<Taken>>> takeJointly(JointTake take) {
        Optional<ScriptCall> call = expiry.flatMap(known -> take.scriptCall());
        return call.isEmpty()
                ? super.takeJointly(take)
                : send(take.keys(), call.get(), expiry.orElseThrow(), newDeadline())
                        .thenApply(reply -> reply.map(found -> answer(take, found)));
    }

    @Override
    CompletableFuture<Optional<LeaseScript.Reply>> lease(LeaseCall call, Deadline deadline) {
        return guard().callGroupedAsync(
                        deadline.left(), GROUP, commands -> leases.send(commands, call, expiry.orElseThrow()))
                .toCompletableFuture();
    }

    private static <T> CommandResult<T> answer(RemoteCommand<T> command, Reply reply) {
        long micros = command instanceof BucketCommand
                ? reply.micros()
                : TimeUnit.MICROSECONDS.toMillis(reply.micros()) * 1_000;
        return command.execute(reply.before().get(0), TimeUnit.MICROSECONDS.toNanos(micros));
    }

    private static List<Taken> answer(JointTake take, Reply reply) {
        return take.decide(reply.before(), reply.taken(), TimeUnit.MICROSECONDS.toNanos(reply.micros()));
    }
}
