package dev.millpond.ratelimit.internal.engine;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.distributed.ExpirationAfterWriteStrategy;
import io.github.bucket4j.distributed.remote.RemoteBucketState;
import io.github.bucket4j.distributed.serialization.SerializationHandle;
import java.time.Duration;

/**
 * Keeps a bucket until it is full and some time more, since an absent bucket counts as a full one.
 *
 * <p>A limit that was granted more than its capacity needs longer: it is never full, and another one of the bucket may
 * still have to fill.
 *
 * @param whenFull how long a full bucket is kept
 * @param aboveCapacity how long a bucket is kept at least that holds more than its capacity
 */
record KeptUntilFull(Duration whenFull, Duration aboveCapacity) implements ExpirationAfterWriteStrategy {

    Expiry expiry() {
        return new Expiry(whenFull.toMillis(), true, aboveCapacity.toMillis());
    }

    @Override
    public long calculateTimeToLiveMillis(RemoteBucketState bucket, long now) {
        Duration untilFull = whenFull.plusNanos(bucket.calculateFullRefillingTime(now));
        return holdsMoreThanItsCapacity(bucket)
                ? Math.max(aboveCapacity.toMillis(), untilFull.toMillis())
                : untilFull.toMillis();
    }

    static boolean holdsMoreThanItsCapacity(RemoteBucketState bucket) {
        Bandwidth[] limits = bucket.getConfiguration().getBandwidths();
        for (int i = 0; i < limits.length; i++) {
            if (bucket.getState().getCurrentSize(i) > limits[i].getCapacity()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public SerializationHandle<ExpirationAfterWriteStrategy> getSerializationHandle() {
        throw new IllegalStateException("Asked where the bucket is written and never sent");
    }
}
