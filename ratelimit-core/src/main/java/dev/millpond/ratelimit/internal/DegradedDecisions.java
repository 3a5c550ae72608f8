package dev.millpond.ratelimit.internal;

import dev.millpond.ratelimit.FailurePolicy;
import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.RateLimitDecision;
import dev.millpond.ratelimit.Tier;
import dev.millpond.ratelimit.spi.LimitEngine;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Decides by the tier's {@link FailurePolicy} while the engine gives no answer. */
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

    CompletionStage<RateLimitDecision> decide(ClientBucket bucket, long cost) {
        Tier tier = bucket.tier();
        return switch (policyOf(tier)) {
            case LIMIT_LOCALLY ->
                local.take(bucket.name(), shares(tier), cost).thenApply(state -> Decisions.byShare(tier, cost, state));
            case ALLOW -> CompletableFuture.completedFuture(Decisions.allowedBlindly(tier));
            case DENY -> CompletableFuture.completedFuture(Decisions.deniedBlindly(tier));
        };
    }

    CompletionStage<RateLimitDecision> peek(ClientBucket bucket) {
        Tier tier = bucket.tier();
        return policyOf(tier) == FailurePolicy.LIMIT_LOCALLY
                ? local.peek(bucket.name(), shares(tier)).thenApply(state -> Decisions.peekedByShare(tier, state))
                : decide(bucket, 1);
    }

    private FailurePolicy policyOf(Tier tier) {
        return policyByTier.getOrDefault(tier.name(), policy);
    }

    private List<RateLimit> shares(Tier tier) {
        return tier.limits().stream().map(this::share).toList();
    }

    /** Returns {@code ⌈tokens ÷ nodes⌉} with a capacity of {@code ⌈capacity ÷ nodes⌉}. */
    private RateLimit share(RateLimit limit) {
        long tokens = partOf(limit.tokens());
        return new RateLimit(tokens, limit.period(), partOf(limit.capacity()) - tokens);
    }

    private long partOf(long whole) {
        return (whole - 1) / nodes + 1;
    }

    void close() {
        local.close();
    }
}
