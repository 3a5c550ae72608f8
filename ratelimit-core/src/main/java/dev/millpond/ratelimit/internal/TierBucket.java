package dev.millpond.ratelimit.internal;

import dev.millpond.ratelimit.Tier;
import dev.millpond.ratelimit.spi.LimitEngine.Take;

/**
 * A bucket in which a request is counted.
 *
 * @param tier gives the bucket its shape
 * @param digest stands for the client's key or address, or for what is counted by name
 * @param name of the bucket; holds the digest
 */
record TierBucket(Tier tier, String digest, String name) {

    Take take() {
        return new Take(name, tier.limits(), tier.inFlight(), tier.lease());
    }
}
