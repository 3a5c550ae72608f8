package dev.millpond.servlet.internal;

import static dev.millpond.servlet.internal.StructuredFields.secondsRoundedUp;

import dev.millpond.ratelimit.FailurePolicy;
import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.RateLimitDecision;
import dev.millpond.ratelimit.RateLimitDecision.Outcome;
import jakarta.servlet.http.HttpServletResponse;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** Tells a denied client why, and when to come back, in the problem types of the rate-limit draft. */
public final class DenialProblems {

    private static final String TYPES = "https://iana.org/assignments/http-problem-types#";
    private static final int TOO_MANY_REQUESTS = 429;

    private DenialProblems() {}

    /** Returns the problem of a denied request. */
    public static Problem of(RateLimitDecision decision) {
        if (decision.outcome() == Outcome.DENYLISTED) {
            return Problem.denylisted();
        }
        if (decision.outcome() == Outcome.DENIED_IN_FLIGHT) {
            return tooManyInFlight(decision);
        }
        return decision.retryAfter()
                .map(wait -> passing(decision, retryAfter(wait, decision)))
                .orElseGet(() -> quotaExceeded(
                        decision, "This request costs more than that and is never admitted.", OptionalLong.empty()));
    }

    private static Problem passing(RateLimitDecision decision, long retryAfter) {
        String wayOut = "Retry in " + retryAfter + " s.";
        return decision.outcome() == Outcome.DENIED_DEGRADED
                ? reducedCapacity(decision, wayOut, OptionalLong.of(retryAfter))
                : quotaExceeded(decision, wayOut, OptionalLong.of(retryAfter));
    }

    /* The tokens are there, so the t of the RateLimit field says nothing about when to come back. */
    private static Problem tooManyInFlight(RateLimitDecision decision) {
        long retryAfter = Math.max(1, secondsRoundedUp(decision.retryAfter().orElse(Duration.ZERO)));
        String most =
                decision.tier().inFlight().map(limit -> requests(limit.most())).orElse("fewer requests");
        return quotaProblem(
                decision, most + " at the same time", "Retry in " + retryAfter + " s.", OptionalLong.of(retryAfter));
    }

    private static Problem quotaExceeded(RateLimitDecision decision, String wayOut, OptionalLong retryAfter) {
        return quotaProblem(decision, describe(decision.tier().limit()), wayOut, retryAfter);
    }

    private static Problem quotaProblem(
            RateLimitDecision decision, String allowed, String wayOut, OptionalLong retryAfter) {
        String tier = decision.tier().name();
        return new Problem(
                TOO_MANY_REQUESTS,
                TYPES + "quota-exceeded",
                "Request cannot be satisfied as assigned quota has been exceeded",
                "Plan " + tier + " allows " + allowed + ". " + wayOut,
                tier,
                retryAfter);
    }

    private static Problem reducedCapacity(RateLimitDecision decision, String wayOut, OptionalLong retryAfter) {
        String tier = decision.tier().name();
        return new Problem(
                statusWithoutRedis(decision),
                TYPES + "temporary-reduced-capacity",
                "Request cannot be satisfied due to temporary server capacity constraints",
                "Plan " + tier + " is served with reduced capacity for now. " + wayOut,
                tier,
                retryAfter);
    }

    /* A load balancer counts 503 against this instance: it is for those who are denied whatever they have used. */
    private static int statusWithoutRedis(RateLimitDecision decision) {
        return decision.failurePolicy().equals(Optional.of(FailurePolicy.DENY))
                ? HttpServletResponse.SC_SERVICE_UNAVAILABLE
                : TOO_MANY_REQUESTS;
    }

    /* Never earlier than the t of the RateLimit field, as the draft asks. */
    private static long retryAfter(Duration wait, RateLimitDecision decision) {
        long nextToken = secondsRoundedUp(decision.nextTokenAfter().orElse(Duration.ZERO));
        return Math.max(1, Math.max(nextToken, secondsRoundedUp(wait)));
    }

    private static String describe(RateLimit limit) {
        String seconds = BigDecimal.valueOf(limit.period().toMillis(), 3)
                        .stripTrailingZeros()
                        .toPlainString()
                + " s";
        return switch (limit.shape()) {
            case BUCKET ->
                requests(limit.tokens()) + " per " + seconds
                        + (limit.burst() == 0 ? "" : " plus a burst of " + limit.burst());
            case SMOOTH ->
                requests(limit.tokens()) + " per " + seconds + ", evenly paced, " + limit.capacity() + " at once";
            case WINDOW -> requests(limit.capacity()) + " per window of " + seconds;
            case ALIGNED_WINDOW -> requests(limit.capacity()) + " per window of " + seconds + " on the clock";
        };
    }

    private static String requests(long number) {
        return number == 1 ? "1 request" : number + " requests";
    }
}
