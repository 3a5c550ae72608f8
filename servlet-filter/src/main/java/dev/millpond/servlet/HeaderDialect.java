package dev.millpond.servlet;

import static dev.millpond.servlet.internal.StructuredFields.integer;
import static dev.millpond.servlet.internal.StructuredFields.secondsRoundedUp;

import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.RateLimitDecision;
import dev.millpond.ratelimit.RateLimitDecision.Outcome;
import dev.millpond.servlet.internal.IetfRateLimitFields;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

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
        void render(RateLimitDecision decision, InstantSource clock, BiConsumer<String, String> response) {
            response.accept("RateLimit-Policy", IetfRateLimitFields.policy(decision.tier()));
            response.accept("RateLimit", IetfRateLimitFields.serviceLimit(decision));
        }
    },

    /**
     * {@code X-RateLimit-Limit}, {@code X-RateLimit-Remaining} and {@code X-RateLimit-Reset}, the last in seconds from
     * now until the next token; 0 if the bucket is full. The limit includes the burst, so that no more remains than it;
     * a smooth limit has fewer at once.
     */
    X_RATELIMIT_DELTA {
        @Override
        void render(RateLimitDecision decision, InstantSource clock, BiConsumer<String, String> response) {
            xRateLimit(decision, secondsRoundedUp(untilNextToken(decision)), response);
        }
    },

    /** Like {@link #X_RATELIMIT_DELTA}, with the reset in seconds since 1970-01-01T00:00:00Z. */
    X_RATELIMIT_EPOCH {
        @Override
        void render(RateLimitDecision decision, InstantSource clock, BiConsumer<String, String> response) {
            Duration reset = Duration.between(Instant.EPOCH, clock.instant()).plus(untilNextToken(decision));
            xRateLimit(decision, secondsRoundedUp(reset), response);
        }
    },

    /** No fields. */
    NONE {
        @Override
        void render(RateLimitDecision decision, InstantSource clock, BiConsumer<String, String> response) {}
    };

    private static final Set<Outcome> NOT_COUNTED = EnumSet.of(Outcome.OFF, Outcome.ALLOWLISTED, Outcome.DENYLISTED);

    abstract void render(RateLimitDecision decision, InstantSource clock, BiConsumer<String, String> response);

    /** Writes the response fields of a decision, in their order; none if the request was not counted. */
    void write(RateLimitDecision decision, InstantSource clock, BiConsumer<String, String> response) {
        if (!NOT_COUNTED.contains(decision.outcome())) {
            render(decision, clock, response);
        }
    }

    /**
     * Returns the response fields of a decision by name, in the order in which they are sent; none if the request was
     * not counted: because limits are off, or the client is on the allowlist or the denylist.
     *
     * @param now the time of day, which only {@link #X_RATELIMIT_EPOCH} reads
     */
    public Map<String, String> fields(RateLimitDecision decision, Instant now) {
        Map<String, String> fields = new LinkedHashMap<>();
        write(decision, () -> now, fields::put);
        return fields;
    }

    private static Duration untilNextToken(RateLimitDecision decision) {
        return decision.nextTokenAfter().orElse(Duration.ZERO);
    }

    private static void xRateLimit(RateLimitDecision decision, long reset, BiConsumer<String, String> response) {
        RateLimit limit = decision.tier().limit();
        response.accept("X-RateLimit-Limit", Long.toString(integer(limit.tokens() + limit.burst())));
        response.accept("X-RateLimit-Remaining", Long.toString(integer(decision.remaining())));
        response.accept("X-RateLimit-Reset", Long.toString(reset));
    }
}
