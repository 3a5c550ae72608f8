package dev.millpond.ratelimit.internal.engine;

import dev.millpond.ratelimit.internal.engine.TakeCommand.Taken;
import dev.millpond.ratelimit.spi.LimitEngine.BucketState;
import dev.millpond.ratelimit.spi.LimitEngine.Take;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Asks Redis only about requests that it might admit; the others are denied here. */
final class SparingBackend implements TakeQueue.Backend {

    /** Decides several requests in order, and tells for each bucket what was decided. */
    @FunctionalInterface
    interface Redis {
        CompletionStage<List<Taken>> takeAll(List<Take> buckets, List<Wanted> wanted);
    }

    private final Redis redis;
    private final KnownDenials known;

    SparingBackend(Redis redis, KnownDenials known) {
        this.redis = redis;
        this.known = known;
    }

    @Override
    public CompletionStage<List<List<BucketState>>> takeAll(List<Take> buckets, List<Wanted> wanted) {
        List<@Nullable List<BucketState>> denials = new ArrayList<>(wanted.size());
        List<Wanted> open = new ArrayList<>(wanted.size());
        for (Wanted request : wanted) {
            List<BucketState> denial = known.of(buckets, request.cost());
            denials.add(denial);
            if (denial == null) {
                open.add(request);
            }
        }
        if (open.isEmpty()) {
            return CompletableFuture.completedStage(merged(denials, List.of()));
        }
        KnownDenials.Question question = known.ask(buckets);
        return redis.takeAll(buckets, open).thenApply(taken -> {
            List<List<BucketState>> answers = Taken.byRequest(taken);
            question.answered(taken, answers);
            return merged(denials, answers);
        });
    }

    /** Puts each answer in the place of a request that was not denied here. */
    private static List<List<BucketState>> merged(
            List<@Nullable List<BucketState>> denials, List<List<BucketState>> answers) {
        Iterator<List<BucketState>> next = answers.iterator();
        List<List<BucketState>> merged = new ArrayList<>(denials.size());
        for (List<BucketState> denial : denials) {
            merged.add(denial == null ? next.next() : denial);
        }
        return merged;
    }
}
