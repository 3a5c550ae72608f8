package dev.millpond.ratelimit.internal.engine;

import dev.millpond.ratelimit.RateLimit;
import io.github.bucket4j.distributed.ExpirationAfterWriteStrategy;
import io.github.bucket4j.distributed.expiration.BasedOnTimeForRefillingBucketUpToMaxExpirationAfterWriteStrategy;
import io.github.bucket4j.distributed.expiration.FixedTtlExpirationAfterWriteStrategy;
import io.github.bucket4j.distributed.remote.RemoteBucketState;
import java.util.List;
import java.util.Optional;

/**
 * How long the script lets Redis keep a bucket.
 *
 * @param millisKept negative if for ever
 * @param onceFull whether that begins when the bucket will be full
 * @param millisAboveCapacity how long at least if it holds more than its capacity
 */
record Expiry(long millisKept, boolean onceFull, long millisAboveCapacity) {

    /** For ever; also where it is not known, since the script decides on no bucket then. */
    static final Expiry FOREVER = new Expiry(BucketSwap.FOREVER, false, 0);

    /** Returns what a strategy of Bucket4j does, asked about a full bucket; empty if it does something else. */
    static Optional<Expiry> of(Optional<ExpirationAfterWriteStrategy> strategy) {
        return strategy.isEmpty() ? Optional.of(FOREVER) : of(strategy.get());
    }

    private static Optional<Expiry> of(ExpirationAfterWriteStrategy strategy) {
        if (strategy instanceof KeptUntilFull kept) {
            return Optional.of(kept.expiry());
        }
        boolean onceFull = strategy instanceof BasedOnTimeForRefillingBucketUpToMaxExpirationAfterWriteStrategy;
        if (!onceFull && !(strategy instanceof FixedTtlExpirationAfterWriteStrategy)) {
            return Optional.empty();
        }
        long kept = strategy.calculateTimeToLiveMillis(aFullBucket(), 0);
        return Optional.of(new Expiry(kept, onceFull, kept));
    }

    private static RemoteBucketState aFullBucket() {
        return Shape.of(List.of(RateLimit.perSecond(1))).full(0);
    }

    boolean forever() {
        return millisKept < 0;
    }

    /** Returns what the scripts begin with: it is the same in all calls, so it is no argument of any. */
    String constants() {
        return "local KEPT, ONCE_FULL, KEPT_ABOVE = " + (forever() ? "nil" : millisKept) + ", " + (onceFull ? 1 : 0)
                + ", " + millisAboveCapacity + "\n";
    }
}
