package dev.millpond.ratelimit.internal.engine;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.internal.engine.GiveCommand.Kind;
import dev.millpond.ratelimit.internal.engine.TakeCommand.Taken;
import dev.millpond.ratelimit.spi.LimitEngine;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

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
        Taken taken = run(bucket, limits, shape -> new TakeCommand(shape, List.of(cost), CLOCK_PRECISION));
        return CompletableFuture.completedFuture(taken.answers().get(0));
    }

    @Override
    public CompletionStage<BucketState> refund(String bucket, List<RateLimit> limits, long tokens) {
        return give(Kind.REFUND, bucket, limits, tokens);
    }

    @Override
    public CompletionStage<BucketState> grant(String bucket, List<RateLimit> limits, long tokens) {
        return give(Kind.GRANT, bucket, limits, tokens);
    }

    private CompletionStage<BucketState> give(Kind kind, String bucket, List<RateLimit> limits, long tokens) {
        return CompletableFuture.completedFuture(
                run(bucket, limits, shape -> new GiveCommand(kind, shape, tokens, CLOCK_PRECISION)));
    }

    @Override
    public CompletionStage<BucketState> reset(String bucket, List<RateLimit> limits) {
        buckets.invalidate(bucket);
        return peek(bucket, limits);
    }

    private <T> T run(String bucket, List<RateLimit> limits, Function<Shape, BucketCommand<T>> command) {
        Shape shape = Shape.of(limits);
        Duration timeToFill = shape.timeToFill();
        LocalTokens tokens = buckets.get(bucket, name -> new LocalTokens(timeToFill));
        Duration keptBefore = tokens.timeToKeep();
        T answer = tokens.run(command.apply(shape), ticker.read(), timeToFill);
        if (!keptBefore.equals(tokens.timeToKeep())) {
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
