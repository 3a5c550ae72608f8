package dev.millpond.ratelimit.internal;

import dev.millpond.ratelimit.InFlightLimit;
import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.Tier;
import dev.millpond.ratelimit.spi.LimitEngine.Take;

/**
 * The part of a limit that each of several nodes may admit by itself.
 *
 * @param nodes among how many the limits are divided
 */
record NodeShare(int nodes) {

    Take of(TierBucket bucket) {
        Tier tier = bucket.tier();
        return new Take(
                bucket.name(),
                tier.limits().stream().map(this::of).toList(),
                tier.inFlight().map(this::of));
    }

    private InFlightLimit of(InFlightLimit limit) {
        return new InFlightLimit(Math.toIntExact(partOf(limit.most())), limit.timeout());
    }

    /** Returns {@code ⌈tokens ÷ nodes⌉} in the same shape, with a capacity of {@code ⌈capacity ÷ nodes⌉}. */
    private RateLimit of(RateLimit limit) {
        long tokens = partOf(limit.tokens());
        RateLimit.Shape shape = limit.shape();
        long withoutBurst = shape == RateLimit.Shape.SMOOTH ? 1 : tokens;
        return new RateLimit(tokens, limit.period(), partOf(limit.capacity()) - withoutBurst, shape);
    }

    private long partOf(long whole) {
        return (whole - 1) / nodes + 1;
    }
}
