package dev.millpond.ratelimit.internal.engine;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.spi.LimitEngine.Take;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Makes decisions that nobody waits for, several at once, so that the first callers find the way to Redis quick.
 *
 * <p>A new JVM loads classes and the script in its first decisions, which takes longer than any decision may: Redis
 * would seem to be away although it is not.
 */
final class EngineWarmUp {

    static final Duration BUDGET = Duration.ofSeconds(5);
    static final int AT_ONCE = 8;
    private static final int QUICK_SHARE = 10;

    /** Enough for all rounds, also of several nodes. */
    private static final List<RateLimit> ENOUGH = List.of(RateLimit.perSecond(1_000_000));

    private static final List<RateLimit> TOO_FEW = List.of(RateLimit.perMinute(AT_ONCE / 2));

    private final RedisBuckets<String> buckets;
    private final Supplier<RedisTakes> decisions;
    private final WarmUp rounds;

    /**
     * Creates a warm-up.
     *
     * @param buckets whose operations take no longer than {@link #BUDGET}
     * @param decisions makes the way to these buckets; closed after each warm-up
     * @param budget how long a decision may take when there are callers
     * @param ticker elapsed time
     */
    EngineWarmUp(RedisBuckets<String> buckets, Supplier<RedisTakes> decisions, Duration budget, Ticker ticker) {
        this.buckets = buckets;
        this.decisions = decisions;
        this.rounds = new WarmUp(budget.dividedBy(QUICK_SHARE), ticker);
    }

    /**
     * Goes the whole way to Redis until that is quick.
     *
     * @param bucket used for that, and removed at the end
     */
    CompletionStage<Void> run(String bucket) {
        RedisTakes takes = decisions.get();
        return rounds.run(() -> takeAtOnce(takes, new Take(bucket, ENOUGH)))
                .thenCompose(done -> takeAtOnce(takes, new Take(bucket, TOO_FEW)))
                .thenCompose(done -> remove(bucket))
                .whenComplete((done, failure) -> takes.close());
    }

    private static CompletionStage<Void> takeAtOnce(RedisTakes takes, Take take) {
        return CompletableFuture.allOf(IntStream.range(0, AT_ONCE)
                .mapToObj(i -> takes.takeAll(List.of(take), 1).toCompletableFuture())
                .toArray(CompletableFuture[]::new));
    }

    /** Goes the way of leases too, which has a script of its own. */
    private CompletionStage<Void> remove(String bucket) {
        return buckets.lease(LeaseCall.reset(bucket, Shape.of(TOO_FEW), ""), buckets.newDeadline())
                .thenCompose(reset -> reset.isPresent()
                        ? CompletableFuture.<Void>completedStage(null)
                        : buckets.removeAsync(bucket).thenApply(removed -> null));
    }
}
