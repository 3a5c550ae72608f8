package dev.millpond.ratelimit.spi;

import dev.millpond.ratelimit.RateLimit;
import java.util.concurrent.CompletionStage;

/**
 * Keeps the token buckets and takes tokens from them.
 *
 * <p>Thread-safe. One decision is atomic: of concurrent callers, wherever they run, no more are admitted than there are
 * tokens.
 */
public interface LimitEngine extends AutoCloseable {

    /**
     * Takes tokens if there are enough; else takes none.
     *
     * @param bucket names the bucket; holds no secret
     * @param limit the bucket's shape; a bucket that has another shape so far keeps its consumed tokens
     * @param cost tokens to take; zero or more
     */
    CompletionStage<BucketState> take(String bucket, RateLimit limit, long cost);

    /** Returns what a bucket holds without taking anything. */
    CompletionStage<BucketState> peek(String bucket, RateLimit limit);

    /** Frees what the engine holds. */
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
