package dev.millpond.ratelimit.internal.engine;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.internal.engine.GiveCommand.Kind;
import dev.millpond.ratelimit.internal.engine.TakeCommand.Taken;
import dev.millpond.ratelimit.spi.LimitEngine;
import io.github.bucket4j.distributed.remote.MutableBucketEntry;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
    public CompletionStage<List<BucketState>> takeAll(List<Take> takes, long cost) {
        JointTake joint = new JointTake(takes, List.of(Wanted.tokens(cost)), CLOCK_PRECISION);
        if (!joint.distinct()) {
            return LimitEngine.super.takeAll(takes, cost);
        }
        Iterator<Take> ordered =
                takes.stream().sorted(Comparator.comparing(Take::bucket)).iterator();
        List<Taken> taken = runAll(ordered, new HashMap<>(), entries -> decide(joint, takes, entries));
        return CompletableFuture.completedFuture(
                taken.stream().map(bucket -> bucket.answers().get(0)).toList());
    }

    private List<Taken> decide(JointTake joint, List<Take> takes, Map<String, MutableBucketEntry> entries) {
        return joint.decide(
                takes.stream()
                        .map(take -> Objects.requireNonNull(entries.get(take.bucket())))
                        .toList(),
                ticker.read());
    }

    /** Holds one bucket after the other, by everybody in the order of their names, so that nobody waits in a circle. */
    private <T> T runAll(
            Iterator<Take> ordered,
            Map<String, MutableBucketEntry> entries,
            Function<Map<String, MutableBucketEntry>, T> command) {
        if (!ordered.hasNext()) {
            return command.apply(entries);
        }
        Take next = ordered.next();
        return run(next.bucket(), Shape.of(next.limits()), entry -> {
            entries.put(next.bucket(), entry);
            return runAll(ordered, entries, command);
        });
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
        return run(bucket, shape, entry -> command.apply(shape).decide(entry, ticker.read()));
    }

    private <T> T run(String bucket, Shape shape, Function<MutableBucketEntry, T> command) {
        Duration timeToFill = shape.timeToFill();
        LocalTokens tokens = buckets.get(bucket, name -> new LocalTokens(timeToFill));
        Duration keptBefore = tokens.timeToKeep();
        T answer = tokens.run(command, timeToFill);
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
