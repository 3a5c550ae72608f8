package dev.millpond.ratelimit.internal;

import dev.millpond.ratelimit.Tier;
import dev.millpond.ratelimit.spi.LimitEngine.Take;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A bucket in which a request is counted.
 *
 * @param tier gives the bucket its shape
 * @param digest stands for the client's key or address, or for what is counted by name
 * @param takes what the engine is asked for, which is one take; its name of the bucket holds the digest
 */
record TierBucket(Tier tier, String digest, List<Take> takes) {

    static TierBucket of(Tier tier, String digest, String name) {
        return new TierBucket(tier, digest, List.of(new Take(name, tier.limits(), tier.inFlight(), tier.lease())));
    }

    String name() {
        return takes.get(0).bucket();
    }

    static List<Take> takes(List<TierBucket> buckets) {
        if (buckets.size() == 1) {
            return buckets.get(0).takes;
        }
        List<Take> takes = new ArrayList<>(buckets.size());
        for (TierBucket bucket : buckets) {
            takes.addAll(bucket.takes);
        }
        return Collections.unmodifiableList(takes);
    }
}
