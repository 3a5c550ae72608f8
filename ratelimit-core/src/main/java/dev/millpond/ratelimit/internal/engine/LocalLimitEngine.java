package dev.millpond.ratelimit.internal.engine;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.spi.LimitEngine;
import java.time.Duration;
import java.util.List;
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

    private static final Duration CLOCK_PRECISION = Duration.ofNanos(1);

    private final Ticker ticker;
    private final Cache<String, LocalTokens> buckets;

    /** Creates an engine without buckets. */
    public LocalLimitEngine(Ticker ticker) {
        this.ticker = ticker;
        this.buckets = Caffeine.newBuilder()
                .maximumSize(MAXIMUM_BUCKETS)
                .ticker(ticker)
                .expireAfter(Expiry.<String, LocalTokens>accessing((bucket, tokens) -> tokens.timeToKeep()))
                .build();
    }

    @Override
    public CompletionStage<BucketState> take(String bucket, List<RateLimit> limits, long cost) {
        Shape shape = Shape.of(limits);
        TakeCommand take = new TakeCommand(shape, List.of(cost), CLOCK_PRECISION);
        return CompletableFuture.completedFuture(
                run(bucket, take, shape.timeToFill()).answers().get(0));
    }

    private <T> T run(String bucket, BucketCommand<T> command, Duration timeToKeep) {
        LocalTokens tokens = buckets.get(bucket, name -> new LocalTokens(timeToKeep));
        T answer = tokens.run(command, ticker.read());
        if (!timeToKeep.equals(tokens.timeToKeep())) {
            tokens.timeToKeep(timeToKeep);
            buckets.put(bucket, tokens); // so that it is kept for as long as it needs now
        }
        return answer;
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
}
