package dev.millpond.ratelimit.internal;

import dev.millpond.ratelimit.FailurePolicy;
import dev.millpond.ratelimit.InFlightLimit;
import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.RateLimitDecision;
import dev.millpond.ratelimit.Tier;
import dev.millpond.ratelimit.spi.LimitEngine;
import dev.millpond.ratelimit.spi.LimitEngine.Take;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Decides by the {@link FailurePolicy} of each tier while the engine gives no answer. */
final class DegradedDecisions {

    private final FailurePolicy policy;
    private final Map<String, FailurePolicy> policyByTier;
    private final int nodes;
    private final LimitEngine local;

    /**
     * Creates the fallback.
     *
     * @param policy of the tiers that have none of their own
     * @param policyByTier by the tier's name
     * @param nodes among how many nodes a limit is divided
     * @param local keeps this node's shares
     */
    DegradedDecisions(FailurePolicy policy, Map<String, FailurePolicy> policyByTier, int nodes, LimitEngine local) {
        this.policy = policy;
        this.policyByTier = Map.copyOf(policyByTier);
        this.nodes = nodes;
        this.local = local;
    }

    CompletionStage<RateLimitDecision> decide(List<TierBucket> buckets, long cost) {
        return decide(
                buckets,
                limited -> local.takeAll(limited.stream().map(this::share).toList(), cost)
                        .thenApply(states -> Decisions.byShare(cost, TierState.join(limited, states))));
    }

    CompletionStage<RateLimitDecision> peek(List<TierBucket> buckets) {
        return decide(
                buckets,
                limited -> Stages.all(
                                limited.stream().map(this::share).toList(),
                                share -> local.peek(share.bucket(), share.limits()))
                        .thenApply(states -> Decisions.peekedByShare(TierState.join(limited, states))));
    }

    /** Tells whether this node's shares of the buckets deny a cost; a policy alone denies nothing for sure. */
    boolean isKnownToDeny(List<TierBucket> buckets, long cost) {
        return local.knownToDeny(
                buckets.stream()
                        .filter(bucket -> policyOf(bucket.tier()) == FailurePolicy.LIMIT_LOCALLY)
                        .map(this::share)
                        .toList(),
                cost);
    }

    /** One tier that denies is enough; those that allow have no say if others limit locally. */
    private CompletionStage<RateLimitDecision> decide(
            List<TierBucket> buckets, Function<List<TierBucket>, CompletionStage<RateLimitDecision>> locally) {
        Map<FailurePolicy, List<TierBucket>> byPolicy =
                buckets.stream().collect(Collectors.groupingBy(bucket -> policyOf(bucket.tier())));
        List<TierBucket> denying = byPolicy.getOrDefault(FailurePolicy.DENY, List.of());
        if (!denying.isEmpty()) {
            return CompletableFuture.completedFuture(
                    Decisions.deniedBlindly(denying.get(0).tier()));
        }
        List<TierBucket> limited = byPolicy.getOrDefault(FailurePolicy.LIMIT_LOCALLY, List.of());
        return limited.isEmpty()
                ? CompletableFuture.completedFuture(
                        Decisions.allowedBlindly(buckets.get(0).tier()))
                : locally.apply(limited);
    }

    private FailurePolicy policyOf(Tier tier) {
        return policyByTier.getOrDefault(tier.name(), policy);
    }

    private Take share(TierBucket bucket) {
        Tier tier = bucket.tier();
        return new Take(
                bucket.name(),
                tier.limits().stream().map(this::share).toList(),
                tier.inFlight().map(this::share));
    }

    private InFlightLimit share(InFlightLimit limit) {
        return new InFlightLimit(Math.toIntExact(partOf(limit.most())), limit.timeout());
    }

    /** Returns {@code ⌈tokens ÷ nodes⌉} in the same shape, with a capacity of {@code ⌈capacity ÷ nodes⌉}. */
    private RateLimit share(RateLimit limit) {
        long tokens = partOf(limit.tokens());
        RateLimit.Shape shape = limit.shape();
        long withoutBurst = shape == RateLimit.Shape.SMOOTH ? 1 : tokens;
        return new RateLimit(tokens, limit.period(), partOf(limit.capacity()) - withoutBurst, shape);
    }

    private long partOf(long whole) {
        return (whole - 1) / nodes + 1;
    }

    void close() {
        local.close();
    }
}
