package dev.millpond.ratelimit;

import java.time.Duration;
import java.util.Optional;

/**
 * The answer to one request.
 *
 * @param outcome what was decided, and why
 * @param tier the tier that decided
 * @param remaining whole tokens left
 * @param nextTokenAfter time until the next token; empty if the bucket is full
 * @param retryAfter time until the same request would be admitted; empty if admitted, or if it never would be
 */
public record RateLimitDecision(
        Outcome outcome, Tier tier, long remaining, Optional<Duration> nextTokenAfter, Optional<Duration> retryAfter) {

    /** What was decided; the names are the metric tag values, in lower case. */
    public enum Outcome {
        /** Admitted within the tier's rate. */
        ALLOWED(true),
        /** Admitted, with fewer tokens left than the burst. */
        ALLOWED_BURST(true),
        /** Admitted because the client is on the allowlist. */
        ALLOWLISTED(true),
        /** Admitted while Redis is away, by the tier's {@link FailurePolicy}. */
        ALLOWED_DEGRADED(true),
        /** Denied: too few tokens. */
        DENIED(false),
        /** Denied while Redis is away, by the tier's {@link FailurePolicy}. */
        DENIED_DEGRADED(false);

        private final boolean allowed;

        Outcome(boolean allowed) {
            this.allowed = allowed;
        }

        /** Tells whether the request may go on. */
        public boolean allowed() {
            return allowed;
        }
    }

    /** Tells whether the request may go on. */
    public boolean allowed() {
        return outcome.allowed();
    }
}
