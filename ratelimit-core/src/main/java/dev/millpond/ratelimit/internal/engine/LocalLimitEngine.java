package dev.millpond.ratelimit.internal.engine;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.spi.LimitEngine;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Keeps the buckets in this process.
 *
 * <p>A bucket is forgotten when it must be full again, and earlier only when there are more than
 * {@link #MAXIMUM_BUCKETS}.
 */
public final class LocalLimitEngine implements LimitEngine {

    /** Buckets kept at most, about 40 MB; beyond, those used least are forgotten, that is, become full. */
    public static final long MAXIMUM_BUCKETS = 100_000;

    private final TimeMeter clock;
    private final Cache<String, LocalTokens> buckets;

    /** Creates an engine without buckets. */
    public LocalLimitEngine(Ticker ticker) {
        this.clock = new ElapsedTime(ticker);
        this.buckets = Caffeine.newBuilder()
                .maximumSize(MAXIMUM_BUCKETS)
                .ticker(ticker)
                .expireAfter(Expiry.<String, LocalTokens>accessing((bucket, tokens) -> timeToKeep(tokens)))
                .build();
    }

    @Override
    public CompletionStage<BucketState> take(String bucket, RateLimit limit, long cost) {
        LocalTokens tokens = buckets.get(bucket, name -> new LocalTokens(limit, clock));
        if (!limit.equals(tokens.limit())) {
            tokens.reshape(limit);
            buckets.put(bucket, tokens); // so that it is kept for as long as the new limit needs
        }
        return CompletableFuture.completedFuture(tokens.take(cost));
    }

    private static Duration timeToKeep(LocalTokens tokens) {
        return Refill.timeToFill(tokens.limit());
    }

    /** Returns about how many buckets are kept. */
    public long size() {
        buckets.cleanUp();
        return buckets.estimatedSize();
    }

    @Override
    public void close() {
        buckets.invalidateAll();
    }

    /** Elapsed time as Bucket4j wants it. */
    private record ElapsedTime(Ticker ticker) implements TimeMeter {

        @Override
        public long currentTimeNanos() {
            return ticker.read();
        }

        @Override
        public boolean isWallClockBased() {
            return false;
        }
    }
}
