package dev.millpond.ratelimit.internal;

import dev.millpond.ratelimit.Tier;
import dev.millpond.ratelimit.spi.LimitEngine.Take;

/**
 * A bucket in which a request is counted.
 *
 * @param tier gives the bucket its shape
 * @param name holds a digest in place of a client's key or address, or of what is counted by name
 */
record TierBucket(Tier tier, String name) {

    Take take() {
        return new Take(name, tier.limits());
    }
}
