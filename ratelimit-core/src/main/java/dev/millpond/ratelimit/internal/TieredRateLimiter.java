package dev.millpond.ratelimit.internal;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.ratelimit.Allowlist;
import dev.millpond.ratelimit.Client;
import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.RateLimitDecision;
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
    private final ClientBuckets buckets;
    private final LimitEngine engine;
    private final DegradedDecisions degraded;
    private final Listeners listeners;
    private final Troubles troubles;
    private final Ticker ticker;

    TieredRateLimiter(
            Allowlist allowlist,
            Tier defaultTier,
            ClientBuckets buckets,
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
    public RateLimitDecision tryAcquire(Client client, long cost) {
        return tryAcquireAsync(client, cost).toCompletableFuture().join();
    }

    @Override
    public CompletionStage<RateLimitDecision> tryAcquireAsync(Client client, long cost) {
        requireCost(cost);
        long begunAt = ticker.read();
        return decide(client, cost).thenApply(decision -> listeners.report(decision, begunAt));
    }

    private CompletionStage<RateLimitDecision> decide(Client client, long cost) {
        requireClient(client);
        if (allowlist.contains(client)) {
            return CompletableFuture.completedFuture(Decisions.allowlisted(defaultTier));
        }
        ClientBucket bucket = buckets.of(client);
        Tier tier = bucket.tier();
        troubles.reportCost(tier, cost);
        return engine.take(bucket.name(), tier.limits(), cost)
                .thenApply(state -> Decisions.of(tier, state))
                .exceptionallyCompose(failure -> {
                    troubles.report(failure);
                    return mustDeny(failure)
                            ? CompletableFuture.completedFuture(Decisions.deniedBlindly(tier))
                            : degraded.decide(bucket, cost);
                });
    }

    /** Redis answers and the bucket may be empty by now: any policy that admits could admit more than the limit. */
    private static boolean mustDeny(Throwable failure) {
        return Failures.cause(failure) instanceof BucketContentionException contention && contention.nearTheLimit();
    }

    @Override
    public RateLimitDecision peek(Client client) {
        return answered(client, engine::peek).toCompletableFuture().join();
    }

    @Override
    public RateLimitDecision refund(Client client, long cost) {
        return refundAsync(client, cost).toCompletableFuture().join();
    }

    @Override
    public CompletionStage<RateLimitDecision> refundAsync(Client client, long cost) {
        requireCost(cost);
        return answered(client, (bucket, limits) -> engine.refund(bucket, limits, cost));
    }

    @Override
    public RateLimitDecision grant(Client client, long tokens) {
        if (tokens < 0) {
            throw new IllegalArgumentException("Number of granted tokens is " + tokens
                    + ", must be 0 or more. Use reset(client) to take granted tokens away.");
        }
        return answered(client, (bucket, limits) -> engine.grant(bucket, limits, tokens))
                .toCompletableFuture()
                .join();
    }

    @Override
    public RateLimitDecision reset(Client client) {
        return answered(client, engine::reset).toCompletableFuture().join();
    }

    /** Asks the engine something, and answers what a request of cost 1 would be told then. */
    private CompletionStage<RateLimitDecision> answered(
            Client client, BiFunction<String, List<RateLimit>, CompletionStage<BucketState>> question) {
        requireClient(client);
        if (allowlist.contains(client)) {
            return CompletableFuture.completedFuture(Decisions.allowlisted(defaultTier));
        }
        ClientBucket bucket = buckets.of(client);
        return question.apply(bucket.name(), bucket.tier().limits())
                .thenApply(state -> Decisions.peeked(bucket.tier(), state))
                .exceptionallyCompose(failure -> degraded.peek(bucket));
    }

    private static void requireCost(long cost) {
        if (cost < 0) {
            throw new IllegalArgumentException(
                    "Cost is " + cost + ", must be 0 or more. Use 0 for a request that takes no token.");
        }
    }

    private static void requireClient(Client client) {
        Objects.requireNonNull(client, "Client is null. Use for example Client.ofAddress(address).");
    }

    @Override
    public void close() {
        engine.close();
        degraded.close();
    }
}
