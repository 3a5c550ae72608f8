package dev.millpond.ratelimit.internal;

import dev.millpond.ratelimit.InFlightLimit;
import dev.millpond.ratelimit.Permit;
import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.spi.LimitEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** An engine that admits everything, or fails as told, as soon as it is ready, and remembers what it was asked. */
final class ScriptedEngine implements LimitEngine {

    final List<String> buckets = new ArrayList<>();

    @Nullable
    RuntimeException failure;

    CompletionStage<?> ready = CompletableFuture.completedFuture(null);
    boolean answersNothing;
    int released;
    boolean closed;

    @Override
    public CompletionStage<BucketState> take(String bucket, List<RateLimit> limits, long cost) {
        buckets.add(bucket);
        return failure == null
                ? CompletableFuture.completedFuture(
                        BucketState.of(true, limits.get(0).capacity() - cost, 1, 0))
                : CompletableFuture.failedFuture(failure);
    }

    @Override
    public CompletionStage<List<BucketState>> takeAll(List<Take> takes, long cost) {
        return ready.thenCompose(nothing ->
                answersNothing ? CompletableFuture.completedFuture(List.of()) : LimitEngine.super.takeAll(takes, cost));
    }

    @Override
    public boolean available() {
        return failure == null;
    }

    @Override
    public CompletionStage<Optional<Permit>> enter(String bucket, InFlightLimit limit) {
        return CompletableFuture.completedFuture(Optional.of(() -> released++));
    }

    @Override
    public CompletionStage<BucketState> refund(String bucket, List<RateLimit> limits, long tokens) {
        return take(bucket, limits, -tokens);
    }

    @Override
    public CompletionStage<BucketState> grant(String bucket, List<RateLimit> limits, long tokens) {
        return take(bucket, limits, -tokens);
    }

    @Override
    public CompletionStage<BucketState> reset(String bucket, List<RateLimit> limits) {
        return take(bucket, limits, 0);
    }

    @Override
    public void close() {
        closed = true;
    }
}
