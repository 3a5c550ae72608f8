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

    /** Returns what {@code RateLimit-Policy} says of a tier. */
    public static String policy(Tier tier) {
        RateLimit limit = tier.limit();
        long window = secondsRoundedUp(limit.period());
        String policy = string(tier.name()) + ";q=" + quota(limit, window) + ";w=" + window;
        return limit.burst() == 0 ? policy : policy + ";millpond-burst=" + integer(limit.burst());
    }

    /** Returns what {@code RateLimit} says of a decision; without {@code t} if the bucket is full. */
    public static String serviceLimit(RateLimitDecision decision) {
        String remaining = string(decision.tier().name()) + ";r=" + integer(Math.max(0, decision.remaining()));
        return decision.nextTokenAfter()
                .map(wait -> remaining + ";t=" + secondsRoundedUp(wait))
                .orElse(remaining);
    }

    /* The draft counts windows in whole seconds, so a limit per 500 ms is told as twice as much per second. */
    private static long quota(RateLimit limit, long windowSeconds) {
        Duration window = Duration.ofSeconds(windowSeconds);
        if (window.equals(limit.period())) {
            return integer(limit.tokens());
        }
        return BigInteger.valueOf(limit.tokens())
                .multiply(BigInteger.valueOf(window.toMillis()))
                .divide(BigInteger.valueOf(limit.period().toMillis()))
                .min(BigInteger.valueOf(StructuredFields.MAX_INTEGER))
                .longValueExact();
    }
}
