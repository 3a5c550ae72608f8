package dev.millpond.ratelimit.internal.engine;

import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.internal.engine.TakeCommand.Taken;
import dev.millpond.ratelimit.spi.LimitEngine.BucketState;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Asks Redis only about takes that it might admit; the others are denied here. */
final class SparingBackend implements TakeQueue.Backend {

    /** Decides several takes from one bucket in order. */
    @FunctionalInterface
    interface Redis {
        CompletionStage<Taken> takeAll(String bucket, List<RateLimit> limits, List<Long> costs);
    }

    private final Redis redis;
    private final ExhaustedBuckets exhausted;
    private final BooleanSupplier hearsOfOthers;

    /**
     * Creates the backend.
     *
     * @param hearsOfOthers whether this node would hear of tokens that other nodes add to a bucket; if not, it
     *     remembers no denial
     */
    SparingBackend(Redis redis, ExhaustedBuckets exhausted, BooleanSupplier hearsOfOthers) {
        this.redis = redis;
        this.exhausted = exhausted;
        this.hearsOfOthers = hearsOfOthers;
    }

    @Override
    public CompletionStage<List<BucketState>> takeAll(String bucket, List<RateLimit> limits, List<Long> costs) {
        List<@Nullable BucketState> denials = new ArrayList<>(costs.size());
        List<Long> open = new ArrayList<>(costs.size());
        for (long cost : costs) {
            BucketState denial = exhausted.denial(bucket, limits, cost);
            denials.add(denial);
            if (denial == null) {
                open.add(cost);
            }
        }
        return open.isEmpty()
                ? CompletableFuture.completedStage(merged(denials, List.of()))
                : ask(bucket, limits, open).thenApply(taken -> merged(denials, taken.answers()));
    }

    private CompletionStage<Taken> ask(String bucket, List<RateLimit> limits, List<Long> costs) {
        ExhaustedBuckets.Question question = exhausted.ask(bucket);
        return redis.takeAll(bucket, limits, costs).thenApply(taken -> {
            if (hearsOfOthers.getAsBoolean()) {
                question.answered(limits, taken);
            }
            return taken;
        });
    }

    /** Puts each answer in the place of a take that was not denied here. */
    private static List<BucketState> merged(List<@Nullable BucketState> denials, List<BucketState> answers) {
        Iterator<BucketState> next = answers.iterator();
        return denials.stream()
                .map(denial -> denial == null ? next.next() : Objects.requireNonNull(denial))
                .toList();
    }
}
