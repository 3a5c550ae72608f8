package dev.millpond.servlet.internal;

import static dev.millpond.servlet.internal.StructuredFields.integer;
import static dev.millpond.servlet.internal.StructuredFields.secondsRoundedUp;
import static dev.millpond.servlet.internal.StructuredFields.string;

import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.RateLimitDecision;
import dev.millpond.ratelimit.Tier;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The fields of draft-ietf-httpapi-ratelimit-headers-11. */
public final class IetfRateLimitFields {

    /** Tiers whose texts are kept at most; there are seldom more, whose texts are then written each time. */
    private static final int MOST_KNOWN = 1_000;

    private static final ConcurrentMap<Tier, OfTier> KNOWN = new ConcurrentHashMap<>();

    private IetfRateLimitFields() {}

    /**
     * What is the same in all responses of a tier.
     *
     * @param policy all of {@code RateLimit-Policy}
     * @param remaining how {@code RateLimit} begins
     */
    private record OfTier(String policy, String remaining) {

        static OfTier of(Tier tier) {
            OfTier known = KNOWN.get(tier);
            if (known != null) {
                return known;
            }
            OfTier made = new OfTier(written(tier), string(tier.name()) + ";r=");
            if (KNOWN.size() < MOST_KNOWN) {
                KNOWN.put(tier, made);
            }
            return made;
        }
    }

    /** Returns what {@code RateLimit-Policy} says of a tier; the burst of windows is part of their quota. */
    public static String policy(Tier tier) {
        return OfTier.of(tier).policy();
    }

    private static String written(Tier tier) {
        RateLimit limit = tier.limit();
        long window = secondsRoundedUp(limit.period());
        boolean burstApart = limit.burst() > 0 && limit.shape().refillsEvenly();
        long tokens = limit.shape().refillsEvenly() ? limit.tokens() : limit.capacity();
        String policy = string(tier.name()) + ";q=" + quota(tokens, limit.period(), window) + ";w=" + window;
        return burstApart ? policy + ";millpond-burst=" + integer(limit.burst()) : policy;
    }

    /** Returns what {@code RateLimit} says of a decision; without {@code t} if the bucket is full. */
    public static String serviceLimit(RateLimitDecision decision) {
        String begin = OfTier.of(decision.tier()).remaining();
        long remaining = integer(Math.max(0, decision.remaining()));
        Optional<Duration> wait = decision.nextTokenAfter();
        return wait.isEmpty() ? begin + remaining : begin + remaining + ";t=" + secondsRoundedUp(wait.get());
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
