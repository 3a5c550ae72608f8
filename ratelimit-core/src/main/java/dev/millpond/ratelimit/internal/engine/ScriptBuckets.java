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
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

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
    private final boolean decides;
    private final boolean lends;

    ScriptBuckets(
            ClientSideConfig config,
            RedisGuard guard,
            Mapper<K> names,
            Duration budget,
            Ticker ticker,
            UnaryOperator<String> scriptChange) {
        super(config, guard, names, budget, ticker, scriptChange);
        Optional<Expiry> known = expiryIn(config);
        Expiry expiry = known.orElse(Expiry.FOREVER);
        this.leases = new LeaseScript(expiry, scriptChange);
        this.decides = known.isPresent();
        this.lends = !expiry.forever();
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
        return decide(
                key,
                ScriptCall.of(request.getCommand()),
                deadline,
                reply -> answer(request.getCommand(), reply),
                () -> swapping(deadline).executeAsync(key, request));
    }

    @Override
    <T> CompletableFuture<T> run(K key, BucketCommand<T> command, Deadline deadline) {
        return decide(
                key,
                command.scriptCall(),
                deadline,
                reply -> command.decide(reply.before(0), reply.nanos()),
                () -> swapping(deadline).run(key, command, deadline));
    }

    private <T> CompletableFuture<T> decide(
            K key,
            Optional<ScriptCall> call,
            Deadline deadline,
            Function<Reply, T> answer,
            Supplier<CompletableFuture<T>> swap) {
        if (call.isEmpty() || !decides) {
            return swap.get();
        }
        return send(List.of(name(key)), call.get(), deadline)
                .thenCompose(reply ->
                        reply.isPresent() ? CompletableFuture.completedFuture(answer.apply(reply.get())) : swap.get());
    }

    @Override
    CompletableFuture<Optional<List<Taken>>> takeJointly(JointTake take) {
        Optional<ScriptCall> call = decides ? take.scriptCall() : Optional.empty();
        return call.isEmpty()
                ? super.takeJointly(take)
                : send(take.keys(), call.get(), newDeadline())
                        .thenApply(reply -> reply.map(found -> answer(take, found)));
    }

    @Override
    CompletableFuture<Optional<LeaseScript.Reply>> lease(LeaseCall call, Deadline deadline) {
        if (!lends) {
            return super.lease(call, deadline);
        }
        List<byte[]> arguments = LeaseScript.arguments(call);
        return guard().callGroupedAsync(
                        deadline.left(), GROUP, commands -> leases.send(commands, call.bucket(), arguments))
                .toCompletableFuture();
    }

    private static <T> CommandResult<T> answer(RemoteCommand<T> command, Reply reply) {
        long millis = TimeUnit.MICROSECONDS.toMillis(reply.micros()); // as Bucket4j's own clock counts
        return command.execute(reply.before(0), TimeUnit.MILLISECONDS.toNanos(millis));
    }

    private static List<Taken> answer(JointTake take, Reply reply) {
        return take.decide(reply.before(), reply.taken(), reply.nanos());
    }
}
