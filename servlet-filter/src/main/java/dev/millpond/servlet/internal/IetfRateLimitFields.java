package dev.millpond.servlet.internal;

import static dev.millpond.servlet.internal.StructuredFields.integer;
import static dev.millpond.servlet.internal.StructuredFields.secondsRoundedUp;
import static dev.millpond.servlet.internal.StructuredFields.string;

import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.RateLimitDecision;
import dev.millpond.ratelimit.Tier;
import java.math.BigInteger;
import java.time.Duration;

/** The fields of draft-ietf-httpapi-ratelimit-headers-11. */
public final class IetfRateLimitFields {

    private IetfRateLimitFields() {}

    /** Returns what {@code RateLimit-Policy} says of a tier; the burst of windows is part of their quota. */
    public static String policy(Tier tier) {
        RateLimit limit = tier.limit();
        long window = secondsRoundedUp(limit.period());
        boolean burstApart = limit.burst() > 0 && limit.shape().refillsEvenly();
        long tokens = limit.shape().refillsEvenly() ? limit.tokens() : limit.capacity();
        String policy = string(tier.name()) + ";q=" + quota(tokens, limit.period(), window) + ";w=" + window;
        return burstApart ? policy + ";millpond-burst=" + integer(limit.burst()) : policy;
    }

    /** Returns what {@code RateLimit} says of a decision; without {@code t} if the bucket is full. */
    public static String serviceLimit(RateLimitDecision decision) {
        String remaining = string(decision.tier().name()) + ";r=" + integer(Math.max(0, decision.remaining()));
        return decision.nextTokenAfter()
                .map(wait -> remaining + ";t=" + secondsRoundedUp(wait))
                .orElse(remaining);
    }

    /* The draft counts windows in whole seconds, so a limit per 500 ms is told as twice as much per second. */
    private static long quota(long tokens, Duration period, long windowSeconds) {
        Duration window = Duration.ofSeconds(windowSeconds);
        if (window.equals(period)) {
            return integer(tokens);
        }
        return BigInteger.valueOf(tokens)
                .multiply(BigInteger.valueOf(window.toMillis()))
                .divide(BigInteger.valueOf(period.toMillis()))
                .min(BigInteger.valueOf(StructuredFields.MAX_INTEGER))
                .longValueExact();
    }
}
