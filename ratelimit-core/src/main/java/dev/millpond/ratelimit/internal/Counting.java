package dev.millpond.ratelimit.internal;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.RateLimitDecision;
import dev.millpond.ratelimit.internal.engine.BucketContentionException;
import dev.millpond.ratelimit.internal.engine.Failures;
import dev.millpond.ratelimit.spi.LimitEngine;
import dev.millpond.ratelimit.spi.LimitEngine.BucketState;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;

/** Decides by buckets: those of the engine, or else by the failure policy. */
final class Counting {

    /** Takes the cost from all buckets or from none. */
    @FunctionalInterface
    interface Taking {
        CompletionStage<RateLimitDecision> take(List<TierBucket> buckets, long cost);
    }

    /** Asks the engine something of one bucket. */
    interface Question extends BiFunction<String, List<RateLimit>, CompletionStage<BucketState>> {}

    private final LimitEngine engine;
    private final DegradedDecisions degraded;
    private final Troubles troubles;

    Counting(LimitEngine engine, DegradedDecisions degraded, Ticker ticker) {
        this.engine = engine;
        this.degraded = degraded;
        this.troubles = new Troubles(ticker);
    }

    LimitEngine engine() {
        return engine;
    }

    /** Returns among how many nodes a limit is divided while the engine gives no answer. */
    int nodes() {
        return degraded.nodes();
    }

    /** Takes the cost from all buckets or from none. */
    CompletionStage<RateLimitDecision> take(List<TierBucket> buckets, long cost) {
        return taken(asked(buckets, cost), buckets, cost);
    }

    /**
     * Does the same, and waits for the answer.
     *
     * <p>What follows from it is done by the caller then. The one thread that brings the answers of all callers would
     * do it for one after the other.
     */
    CompletionStage<RateLimitDecision> takeAndWait(List<TierBucket> buckets, long cost) {
        return taken(Stages.awaited(asked(buckets, cost)), buckets, cost);
    }

    private CompletionStage<List<BucketState>> asked(List<TierBucket> buckets, long cost) {
        troubles.reportCost(buckets, cost);
        return engine.takeAll(TierBucket.takes(buckets), cost);
    }

    private CompletionStage<RateLimitDecision> taken(
            CompletionStage<List<BucketState>> asked, List<TierBucket> buckets, long cost) {
        List<BucketState> known = Stages.nowOrNull(asked);
        try {
            return known == null
                    ? takenLater(asked, buckets, cost)
                    : CompletableFuture.completedFuture(Decisions.of(TierState.join(buckets, known)));
        } catch (RuntimeException e) { // of an engine that answers something else
            return takenLater(CompletableFuture.failedFuture(e), buckets, cost);
        }
    }

    private CompletionStage<RateLimitDecision> takenLater(
            CompletionStage<List<BucketState>> asked, List<TierBucket> buckets, long cost) {
        return asked.thenApply(states -> Decisions.of(TierState.join(buckets, states)))
                .exceptionallyCompose(failure -> {
                    troubles.report(failure);
                    return mustDeny(failure) ? denied(buckets) : takeWithoutEngine(buckets, cost);
                });
    }

    /** Decides like {@link #take} where the engine gives no answer. */
    CompletionStage<RateLimitDecision> takeWithoutEngine(List<TierBucket> buckets, long cost) {
        return degraded.decide(buckets, cost);
    }

    /** Tells whether a cost is more than one of the buckets ever holds, or this node's share of it while it decides. */
    boolean canNeverAdmit(List<TierBucket> buckets, long cost) {
        for (TierBucket bucket : buckets) {
            if (bucket.tier().capacity() < cost) {
                return true;
            }
        }
        return !engine.available() && degraded.canNeverAdmit(buckets, cost);
    }

    /** Tells whether the buckets are known to deny a cost, without asking Redis. */
    boolean isKnownToDeny(List<TierBucket> buckets, long cost) {
        return engine.knownToDeny(TierBucket.takes(buckets), cost)
                || (!engine.available() && degraded.isKnownToDeny(buckets, cost));
    }

    /** Redis answers and the bucket may be empty by now: any policy that admits could admit more than the limit. */
    private static boolean mustDeny(Throwable failure) {
        return Failures.cause(failure) instanceof BucketContentionException contention && contention.nearTheLimit();
    }

    private static CompletionStage<RateLimitDecision> denied(List<TierBucket> buckets) {
        return CompletableFuture.completedFuture(
                Decisions.deniedByNobody(buckets.get(0).tier()));
    }

    /** Asks something of each bucket, and answers what a request of cost 1 would be told then. */
    CompletionStage<RateLimitDecision> ask(List<TierBucket> buckets, Question question) {
        return Stages.all(
                        buckets,
                        bucket -> question.apply(bucket.name(), bucket.tier().limits()))
                .thenApply(states -> Decisions.peeked(TierState.join(buckets, states)))
                .exceptionallyCompose(failure -> degraded.peek(buckets));
    }

    void close() {
        engine.close();
        degraded.close();
    }
}
