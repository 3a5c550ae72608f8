package dev.millpond.ratelimit.internal.engine;

import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.spi.LimitEngine.BucketState;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.TokensInheritanceStrategy;
import java.time.Duration;

/** One bucket in this process, with the limit that shapes it. */
final class LocalTokens {

    private static final Duration CLOCK_PRECISION = Duration.ofNanos(1);

    private final Bucket bucket;
    private volatile RateLimit limit;

    LocalTokens(RateLimit limit, TimeMeter clock) {
        this.limit = limit;
        this.bucket = Bucket.builder()
                .withCustomTimePrecision(clock)
                .addLimit(Refill.bucketOf(limit).getBandwidths()[0])
                .build();
    }

    RateLimit limit() {
        return limit;
    }

    BucketState take(long cost) {
        if (cost == 0) {
            return Refill.stateOf(
                    limit, bucket.asVerbose().getAvailableTokens().getState(), cost, true, CLOCK_PRECISION);
        }
        var result = bucket.asVerbose().tryConsumeAndReturnRemaining(cost);
        return Refill.stateOf(limit, result.getState(), cost, result.getValue().isConsumed(), CLOCK_PRECISION);
    }

    /** Changes the limit; the bucket stays as full, in proportion, as it was. */
    synchronized void reshape(RateLimit wanted) {
        if (!wanted.equals(limit)) {
            bucket.replaceConfiguration(Refill.bucketOf(wanted), TokensInheritanceStrategy.PROPORTIONALLY);
            limit = wanted;
        }
    }
}
