package dev.millpond.ratelimit;

/** What a tier does while Redis is away. */
public enum FailurePolicy {
    /** Limits in this process, by this node's share of the tier. */
    LIMIT_LOCALLY,
    /** Admits everything. */
    ALLOW,
    /** Denies everything. */
    DENY
}
