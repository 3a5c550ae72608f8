package dev.millpond.servlet;

import static dev.millpond.servlet.internal.StructuredFields.integer;
import static dev.millpond.servlet.internal.StructuredFields.secondsRoundedUp;

import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.RateLimitDecision;
import dev.millpond.ratelimit.RateLimitDecision.Outcome;
import dev.millpond.servlet.internal.IetfRateLimitFields;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * How a response tells the client what is left of its limit.
 *
 * <p>Thread-safe. {@code Retry-After} on a denied request is sent in every dialect.
 */
public enum HeaderDialect {

    /**
     * {@code RateLimit-Policy} and {@code RateLimit} as in draft-ietf-httpapi-ratelimit-headers-11: an Internet-Draft,
     * not a standard yet.
     */
    IETF_DRAFT_11 {
        @Override
        Map<String, String> render(RateLimitDecision decision, Instant now) {
            Map<String, String> fields = new LinkedHashMap<>();
            fields.put("RateLimit-Policy", IetfRateLimitFields.policy(decision.tier()));
            fields.put("RateLimit", IetfRateLimitFields.serviceLimit(decision));
            return fields;
        }
    },

    /**
     * {@code X-RateLimit-Limit}, {@code X-RateLimit-Remaining} and {@code X-RateLimit-Reset}, the last in seconds from
     * now until the next token; 0 if the bucket is full. The limit includes the burst, so that no more remains than it;
     * a smooth limit has fewer at once.
     */
    X_RATELIMIT_DELTA {
        @Override
        Map<String, String> render(RateLimitDecision decision, Instant now) {
            return xRateLimit(decision, secondsRoundedUp(untilNextToken(decision)));
        }
    },

    /** Like {@link #X_RATELIMIT_DELTA}, with the reset in seconds since 1970-01-01T00:00:00Z. */
    X_RATELIMIT_EPOCH {
        @Override
        Map<String, String> render(RateLimitDecision decision, Instant now) {
            Duration reset = Duration.between(Instant.EPOCH, now).plus(untilNextToken(decision));
            return xRateLimit(decision, secondsRoundedUp(reset));
        }
    },

    /** No fields. */
    NONE {
        @Override
        Map<String, String> render(RateLimitDecision decision, Instant now) {
            return Map.of();
        }
    };

    private static final Set<Outcome> NOT_COUNTED = EnumSet.of(Outcome.OFF, Outcome.ALLOWLISTED, Outcome.DENYLISTED);

    abstract Map<String, String> render(RateLimitDecision decision, Instant now);

    /**
     * Returns the response fields of a decision by name, in the order in which they are sent; none if the request was
     * not counted: because limits are off, or the client is on the allowlist or the denylist.
     *
     * @param now the time of day, which only {@link #X_RATELIMIT_EPOCH} reads
     */
    public Map<String, String> fields(RateLimitDecision decision, Instant now) {
        return NOT_COUNTED.contains(decision.outcome()) ? Map.of() : render(decision, now);
    }

    private static Duration untilNextToken(RateLimitDecision decision) {
        return decision.nextTokenAfter().orElse(Duration.ZERO);
    }

    private static Map<String, String> xRateLimit(RateLimitDecision decision, long reset) {
        Map<String, String> fields = new LinkedHashMap<>();
        RateLimit limit = decision.tier().limit();
        fields.put("X-RateLimit-Limit", Long.toString(integer(limit.tokens() + limit.burst())));
        fields.put("X-RateLimit-Remaining", Long.toString(integer(decision.remaining())));
        fields.put("X-RateLimit-Reset", Long.toString(reset));
        return fields;
    }
}
