package dev.millpond.ratelimit;

/**
 * What a tier does while Redis is away, or too slow for the {@linkplain RateLimiter.Builder#decisionTimeout decision
 * timeout}.
 *
 * <p>The decisions are then {@link RateLimitDecision.Outcome#ALLOWED_DEGRADED} or
 * {@link RateLimitDecision.Outcome#DENIED_DEGRADED}. So is a decision that other nodes, which changed the bucket again
 * and again, kept from being made in time. But if less than half of the bucket was left, such a request is denied
 * whatever the policy: to admit it could admit more than the limit.
 */
public enum FailurePolicy {

    /**
     * Limits in this process: each of N nodes refills the N-th part of the tier's tokens per period and holds the N-th
     * part of its capacity, both rounded up. N is what {@link RateLimiter.Builder#expectedNodes} says, or else how many
     * nodes were alive before. These buckets begin full when Redis goes away; if N changes, they keep the share that is
     * used.
     */
    LIMIT_LOCALLY,

    /** Admits everything, also a cost above the tier's capacity. */
    ALLOW,

    /** Denies everything, and says to ask again after one second. */
    DENY
}
