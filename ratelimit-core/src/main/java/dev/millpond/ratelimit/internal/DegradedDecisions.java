package dev.millpond.ratelimit.internal;

import dev.millpond.ratelimit.FailurePolicy;
import dev.millpond.ratelimit.RateLimitDecision;
import dev.millpond.ratelimit.Tier;
import dev.millpond.ratelimit.internal.nodes.NodeCount;
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
    private final NodeCount nodes;
    private final LimitEngine local;

    /**
     * Creates the fallback.
     *
     * @param policy of the tiers that have none of their own
     * @param policyByTier by the tier's name
     * @param nodes among how many nodes a limit is divided
     * @param local keeps this node's shares
     */
    DegradedDecisions(
            FailurePolicy policy, Map<String, FailurePolicy> policyByTier, NodeCount nodes, LimitEngine local) {
        this.policy = policy;
        this.policyByTier = Map.copyOf(policyByTier);
        this.nodes = nodes;
        this.local = local;
    }

    CompletionStage<RateLimitDecision> decide(List<TierBucket> buckets, long cost) {
        return decide(
                buckets,
                limited -> local.takeAll(shares(limited), cost)
                        .thenApply(states -> Decisions.byShare(cost, TierState.join(limited, states))));
    }

    CompletionStage<RateLimitDecision> peek(List<TierBucket> buckets) {
        return decide(
                buckets,
                limited -> Stages.all(shares(limited), share -> local.peek(share.bucket(), share.limits()))
                        .thenApply(states -> Decisions.peekedByShare(TierState.join(limited, states))));
    }

    /** Tells whether this node's shares of the buckets deny a cost; a policy alone denies nothing for sure. */
    boolean isKnownToDeny(List<TierBucket> buckets, long cost) {
        return local.knownToDeny(shares(limitedLocally(buckets)), cost);
    }

    /** Tells whether a cost is more than one of this node's shares ever holds. */
    boolean canNeverAdmit(List<TierBucket> buckets, long cost) {
        return shares(limitedLocally(buckets)).stream()
                .flatMap(share -> share.limits().stream())
                .anyMatch(limit -> limit.capacity() < cost);
    }

    private List<TierBucket> limitedLocally(List<TierBucket> buckets) {
        return buckets.stream()
                .filter(bucket -> policyOf(bucket.tier()) == FailurePolicy.LIMIT_LOCALLY)
                .toList();
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

    /** Buckets that were divided among another number keep the share that is used. */
    private List<Take> shares(List<TierBucket> buckets) {
        NodeShare share = new NodeShare(nodes.nodes());
        return buckets.stream().map(share::of).toList();
    }

    /** Returns among how many nodes a limit is divided now. */
    int nodes() {
        return nodes.nodes();
    }

    void close() {
        nodes.close();
        local.close();
    }
}
