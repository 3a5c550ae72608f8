package dev.millpond.ratelimit;

import java.time.Duration;
import java.util.Optional;

/**
 * The answer to one request; immutable.
 *
 * <p>Times have a precision of nanoseconds; round them up when they are shown in seconds. No bucket was asked for
 * {@link Outcome#OFF}, {@link Outcome#ALLOWLISTED} and {@link Outcome#DENYLISTED}, or for {@link FailurePolicy#ALLOW}
 * and {@link FailurePolicy#DENY}: {@code remaining} is then the tier's capacity, or zero, and {@code nextTokenAfter} is
 * empty.
 *
 * @param outcome what was decided, and why
 * @param tier the tier that decided; the default tier for a client on a list, and if all limits are off
 * @param remaining whole tokens left; of several limits, those of the one that has the fewest
 * @param nextTokenAfter time until one more whole token; empty if the bucket is full or was not asked
 * @param retryAfter time until the same request would be admitted if nobody else used the bucket; one second for a
 *     denial that only Redis can lift, or the end of a request in flight; empty if admitted, if the cost exceeds the
 *     tier's capacity, or if the client is banned
 * @param enforced whether the outcome counts; if not, the request may go on whatever it is: see {@link RateLimitMode}
 * @param failurePolicy the policy by which the request was decided without Redis; empty if Redis or a list decided, or
 *     if nobody had to. Also empty for a denial by nobody's policy: too many nodes competed for a bucket that was
 *     nearly used up
 * @param permit the request's place among those in flight, to be {@linkplain Permit#release() released} when it is
 *     finished; empty if none was taken, because no tier limits them or the outcome is a denial. Decisions with permits
 *     are equal if they have the same one
 */
public record RateLimitDecision(
        Outcome outcome,
        Tier tier,
        long remaining,
        Optional<Duration> nextTokenAfter,
        Optional<Duration> retryAfter,
        boolean enforced,
        Optional<FailurePolicy> failurePolicy,
        Optional<Permit> permit) {

    /** What was decided; the names are the metric tag values, in lower case. */
    public enum Outcome {
        /** Admitted within the tier's rate. */
        ALLOWED(true),
        /** Admitted, with fewer tokens left than the burst, in one limit of the tier at least. */
        ALLOWED_BURST(true),
        /** Admitted because the client is on the allowlist. */
        ALLOWLISTED(true),
        /** Admitted while Redis is away or too slow, by the tier's {@link FailurePolicy}. */
        ALLOWED_DEGRADED(true),
        /** Admitted, and not counted, because limits are switched off. */
        OFF(true),
        /** Denied: too few tokens. */
        DENIED(false),
        /** Denied: the tokens are there, but as many requests of the client as may be are in flight. */
        DENIED_IN_FLIGHT(false),
        /**
         * Denied while Redis is away or too slow, by the tier's {@link FailurePolicy}, or because too many nodes
         * competed for a bucket of which less than half was left.
         */
        DENIED_DEGRADED(false),
        /** Denied because the client is on the denylist or banned; nothing was charged. */
        DENYLISTED(false);

        private final boolean allowed;

        Outcome(boolean allowed) {
            this.allowed = allowed;
        }

        /** Tells whether the request may go on if the outcome is enforced. */
        public boolean allowed() {
            return allowed;
        }
    }

    /** Creates a decision by no failure policy, without a permit. */
    public RateLimitDecision(
            Outcome outcome,
            Tier tier,
            long remaining,
            Optional<Duration> nextTokenAfter,
            Optional<Duration> retryAfter,
            boolean enforced) {
        this(outcome, tier, remaining, nextTokenAfter, retryAfter, enforced, Optional.empty(), Optional.empty());
    }

    /** Creates a decision that is enforced, by no failure policy, without a permit. */
    public RateLimitDecision(
            Outcome outcome,
            Tier tier,
            long remaining,
            Optional<Duration> nextTokenAfter,
            Optional<Duration> retryAfter) {
        this(outcome, tier, remaining, nextTokenAfter, retryAfter, true);
    }

    /** Tells whether the request may go on: it was admitted, or is only counted. */
    public boolean allowed() {
        return !enforced || outcome.allowed();
    }

    /** Returns the mode in which it was decided. */
    public RateLimitMode.Kind mode() {
        if (outcome == Outcome.OFF) {
            return RateLimitMode.Kind.OFF;
        }
        return enforced ? RateLimitMode.Kind.ENFORCE : RateLimitMode.Kind.SHADOW;
    }

    /** Returns this decision as one that tells what would have been, and lets the request go on. */
    public RateLimitDecision inShadow() {
        return new RateLimitDecision(
                outcome, tier, remaining, nextTokenAfter, retryAfter, false, failurePolicy, permit);
    }

    /** Returns this decision with another permit, or none. */
    public RateLimitDecision withPermit(Optional<Permit> other) {
        return new RateLimitDecision(
                outcome, tier, remaining, nextTokenAfter, retryAfter, enforced, failurePolicy, other);
    }

    /** Returns this decision as one that was made by a failure policy. */
    public RateLimitDecision by(FailurePolicy policy) {
        return new RateLimitDecision(
                outcome, tier, remaining, nextTokenAfter, retryAfter, enforced, Optional.of(policy), permit);
    }
}
