package dev.millpond.ratelimit.internal.engine;

import dev.millpond.ratelimit.internal.engine.LeaseSizes.Wish;
import java.time.Duration;
import java.util.List;

/**
 * What the script that lends tokens is asked.
 *
 * @param operation {@code take}, {@code reset}, or {@code return} if nothing but a lease comes back
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

    /** Tells whether a bucket with other limits gets these; what was lent of old ones must not bring those back. */
    boolean shapes() {
        return !operation.equals("return");
    }

    /** Returns a call that makes the bucket full, but for what others have been lent. */
    static LeaseCall reset(String bucket, Shape shape, String returned) {
        return new LeaseCall("reset", bucket, shape, returned, 0, "", Wish.NONE, Duration.ZERO, List.of());
    }

    /** Returns a call that gives a lease back. */
    static LeaseCall giveBack(String bucket, Shape shape, String returned, long unused) {
        return new LeaseCall("return", bucket, shape, returned, unused, "", Wish.NONE, Duration.ZERO, List.of());
    }
}
