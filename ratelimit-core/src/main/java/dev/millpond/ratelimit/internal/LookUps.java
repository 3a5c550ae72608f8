package dev.millpond.ratelimit.internal;

import dev.millpond.ratelimit.spi.LimitEngine;
import java.util.List;

/**
 * Limits how often keys of one address are looked up for requests that the limit of the address cannot admit.
 *
 * <p>Such a request takes nothing from the bucket of the address, whoever has the key, so nothing else would limit its
 * look-up.
 */
final class LookUps {

    private final LimitEngine local;

    LookUps(LimitEngine local) {
        this.local = local;
    }

    /** Tells whether a key may be looked up although the buckets of its address will never admit the request. */
    boolean allowed(List<TierBucket> ofAddress) {
        TierBucket bucket = ofAddress.get(0);
        return local.take(bucket.name() + ":look-ups", bucket.tier().limits(), 1)
                .toCompletableFuture()
                .join()
                .admitted();
    }
}
