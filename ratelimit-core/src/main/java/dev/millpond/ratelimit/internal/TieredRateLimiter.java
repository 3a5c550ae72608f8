package dev.millpond.ratelimit.internal;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.ratelimit.Allowlist;
import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.RateLimitDecision;
import dev.millpond.ratelimit.RateLimitRequest;
import dev.millpond.ratelimit.RateLimiter;
import dev.millpond.ratelimit.Tier;
import dev.millpond.ratelimit.internal.engine.BucketContentionException;
import dev.millpond.ratelimit.internal.engine.Failures;
import dev.millpond.ratelimit.spi.LimitEngine;
import dev.millpond.ratelimit.spi.LimitEngine.BucketState;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;

/** The path of a decision: allowlist, tier, engine, or else the failure policy. */
final class TieredRateLimiter implements RateLimiter {

    private final Allowlist allowlist;
    private final Tier defaultTier;
    private final RequestBuckets buckets;
    private final LimitEngine engine;
    private final DegradedDecisions degraded;
    private final Listeners listeners;
    private final Troubles troubles;
    private final Ticker ticker;

    TieredRateLimiter(
            Allowlist allowlist,
            Tier defaultTier,
            RequestBuckets buckets,
            LimitEngine engine,
            DegradedDecisions degraded,
            Listeners listeners,
            Ticker ticker) {
        this.allowlist = allowlist;
        this.defaultTier = defaultTier;
        this.buckets = buckets;
        this.engine = engine;
        this.degraded = degraded;
        this.listeners = listeners;
        this.troubles = new Troubles(ticker);
        this.ticker = ticker;
    }

    @Override
    public RateLimitDecision tryAcquire(RateLimitRequest request) {
        return tryAcquireAsync(request).toCompletableFuture().join();
    }

    @Override
    public CompletionStage<RateLimitDecision> tryAcquireAsync(RateLimitRequest request) {
        long begunAt = ticker.read();
        return decide(request).thenApply(decision -> listeners.report(decision, begunAt));
    }

    private CompletionStage<RateLimitDecision> decide(RateLimitRequest request) {
        if (neverLimited(request)) {
            return CompletableFuture.completedFuture(Decisions.allowlisted(defaultTier));
        }
        List<TierBucket> counted = buckets.of(request);
        troubles.reportCost(counted, request.cost());
        return engine.takeAll(counted.stream().map(TierBucket::take).toList(), request.cost())
                .thenApply(states -> Decisions.of(TierState.join(counted, states)))
                .exceptionallyCompose(failure -> {
                    troubles.report(failure);
                    return mustDeny(failure)
                            ? CompletableFuture.completedFuture(
                                    Decisions.deniedBlindly(counted.get(0).tier()))
                            : degraded.decide(counted, request.cost());
                });
    }

    private boolean neverLimited(RateLimitRequest request) {
        Objects.requireNonNull(request, "Request is null. Use for example RateLimitRequest.of(client).");
        return request.client().filter(allowlist::contains).isPresent();
    }

    /** Redis answers and the bucket may be empty by now: any policy that admits could admit more than the limit. */
    private static boolean mustDeny(Throwable failure) {
        return Failures.cause(failure) instanceof BucketContentionException contention && contention.nearTheLimit();
    }

    @Override
    public RateLimitDecision peek(RateLimitRequest request) {
        return answered(request, engine::peek).toCompletableFuture().join();
    }

    @Override
    public RateLimitDecision refund(RateLimitRequest request) {
        return refundAsync(request).toCompletableFuture().join();
    }

    @Override
    public CompletionStage<RateLimitDecision> refundAsync(RateLimitRequest request) {
        return answered(request, (bucket, limits) -> engine.refund(bucket, limits, request.cost()));
    }

    @Override
    public RateLimitDecision grant(RateLimitRequest request, long tokens) {
        if (tokens < 0) {
            throw new IllegalArgumentException("Number of granted tokens is " + tokens
                    + ", must be 0 or more. Use reset(client) to take granted tokens away.");
        }
        return answered(request, (bucket, limits) -> engine.grant(bucket, limits, tokens))
                .toCompletableFuture()
                .join();
    }

    @Override
    public RateLimitDecision reset(RateLimitRequest request) {
        return answered(request, engine::reset).toCompletableFuture().join();
    }

    /** Asks the engine something of each bucket, and answers what a request of cost 1 would be told then. */
    private CompletionStage<RateLimitDecision> answered(
            RateLimitRequest request, BiFunction<String, List<RateLimit>, CompletionStage<BucketState>> question) {
        if (neverLimited(request)) {
            return CompletableFuture.completedFuture(Decisions.allowlisted(defaultTier));
        }
        List<TierBucket> counted = buckets.of(request);
        return Stages.all(
                        counted,
                        bucket -> question.apply(bucket.name(), bucket.tier().limits()))
                .thenApply(states -> Decisions.peeked(TierState.join(counted, states)))
                .exceptionallyCompose(failure -> degraded.peek(counted));
    }

    @Override
    public void close() {
        engine.close();
        degraded.close();
    }
}
