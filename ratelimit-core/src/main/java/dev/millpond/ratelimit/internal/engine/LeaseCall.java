package dev.millpond.ratelimit.internal.engine;

import dev.millpond.ratelimit.internal.engine.LeaseSizes.Wish;
import java.time.Duration;
import java.util.List;

/**
 * What the script that lends tokens is asked.
 *
 * @param operation {@code take} or {@code reset}
 * @param bucket names the bucket
 * @param shape its limits
 * @param returned the lease that is given back; empty for none
 * @param unused its tokens that come back
 * @param name of the new lease
 * @param wish what the new lease should be; nothing for none
 * @param time of the new lease at most
 * @param costs to be taken before anything is lent
 */
record LeaseCall(
        String operation,
        String bucket,
        Shape shape,
        String returned,
        long unused,
        String name,
        Wish wish,
        Duration time,
        List<Long> costs) {

    /** Returns a call that makes the bucket full, but for what others have been lent. */
    static LeaseCall reset(String bucket, Shape shape, String returned) {
        return new LeaseCall("reset", bucket, shape, returned, 0, "", Wish.NONE, Duration.ZERO, List.of());
    }

    /** Returns a call that gives a lease back. */
    static LeaseCall giveBack(String bucket, Shape shape, String returned, long unused) {
        return new LeaseCall("take", bucket, shape, returned, unused, "", Wish.NONE, Duration.ZERO, List.of());
    }
}
