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
 * @param take what the engine is asked for; its name of the bucket holds the digest
 */
record TierBucket(Tier tier, String digest, Take take) {

    static TierBucket of(Tier tier, String digest, String name) {
        return new TierBucket(tier, digest, new Take(name, tier.limits(), tier.inFlight(), tier.lease()));
    }

    String name() {
        return take.bucket();
    }

    static List<Take> takes(List<TierBucket> buckets) {
        if (buckets.size() == 1) {
            return List.of(buckets.get(0).take);
        }
        List<Take> takes = new ArrayList<>(buckets.size());
        for (TierBucket bucket : buckets) {
            takes.add(bucket.take);
        }
        return Collections.unmodifiableList(takes);
    }
}
