package dev.millpond.ratelimit.spi;

import dev.millpond.ratelimit.RateLimit;
import java.util.concurrent.CompletionStage;

/**
 * Keeps the token buckets and takes tokens from them.
 *
 * <p>Thread-safe. One decision is atomic: of concurrent callers, wherever they run, no more are admitted than there are
 * tokens. A stage that fails means that nobody knows whether tokens were taken.
 */
public interface LimitEngine extends AutoCloseable {

    /**
     * Takes tokens if there are enough; else takes none.
     *
     * @param bucket names the bucket; holds no secret
     * @param limit the bucket's shape; a bucket that has another shape so far stays as full, in proportion, as it was
     * @param cost tokens to take; zero or more. Zero is always admitted and changes nothing
     */
    CompletionStage<BucketState> take(String bucket, RateLimit limit, long cost);

    /** Returns what a bucket holds without taking anything. */
    default CompletionStage<BucketState> peek(String bucket, RateLimit limit) {
        return take(bucket, limit, 0);
    }

    /** Frees what the engine holds; it must not be used afterwards. */
    @Override
    void close();

    /**
     * A bucket after a decision.
     *
     * @param admitted whether the cost was taken
     * @param remaining whole tokens left
     * @param nanosToNextToken time until one more whole token; 0 if the bucket is full
     * @param nanosToAdmit time until the same cost could be taken; 0 if it was, {@link Long#MAX_VALUE} if it never can
     */
    record BucketState(boolean admitted, long remaining, long nanosToNextToken, long nanosToAdmit) {}
}
