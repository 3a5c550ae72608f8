package dev.millpond.ratelimit.internal.engine;

import dev.millpond.ratelimit.spi.LimitEngine.BucketState;
import io.github.bucket4j.distributed.remote.MutableBucketEntry;
import io.github.bucket4j.distributed.remote.RemoteBucketState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Decides several takes from one bucket, first come first served.
 *
 * <p>A bucket is written only if tokens were taken or its limits changed.
 */
final class TakeCommand extends BucketCommand<TakeCommand.Taken> {

    private final Shape shape;
    private final List<Long> costs;
    private final Duration precision;

    /**
     * Creates the command.
     *
     * @param precision the smallest step in which buckets refill
     */
    TakeCommand(Shape shape, List<Long> costs, Duration precision) {
        this.shape = shape;
        this.costs = List.copyOf(costs);
        this.precision = precision;
    }

    @Override
    Optional<ScriptCall> scriptCall() {
        return shape.exactInScript() ? Optional.of(ScriptCall.shaping(shape, "take", costs)) : Optional.empty();
    }

    @Override
    Taken decide(MutableBucketEntry entry, long now) {
        long at = Refill.roundDown(now, precision);
        RemoteBucketState bucket = shape.open(entry, at);
        List<BucketState> answers = new ArrayList<>(costs.size());
        for (long cost : costs) {
            answers.add(take(shape, entry, bucket, cost, at, precision));
        }
        return new Taken(answers, bucket.copyBucketState(), now);
    }

    /** Decides a single take. */
    static BucketState take(Shape shape, MutableBucketEntry entry, long cost, long now, Duration precision) {
        long at = Refill.roundDown(now, precision);
        return take(shape, entry, shape.open(entry, at), cost, at, precision);
    }

    private static BucketState take(
            Shape shape, MutableBucketEntry entry, RemoteBucketState bucket, long cost, long at, Duration precision) {
        boolean admitted = cost <= bucket.getAvailableTokens();
        if (admitted && cost > 0) {
            bucket.consume(cost);
            if (!entry.isStateModified()) { // else it was set before, and setting it costs a memory barrier
                entry.set(bucket);
            }
        }
        return Refill.stateOf(shape.limits(), bucket.getState(), cost, admitted, at, precision);
    }

    /**
     * What was decided.
     *
     * @param answers in the order of the costs
     * @param level what the bucket held afterwards
     * @param at when, in nanoseconds of the bucket's clock
     */
    record Taken(List<BucketState> answers, io.github.bucket4j.BucketState level, long at) {

        /** Returns for each request what all buckets answered it. */
        static List<List<BucketState>> byRequest(List<Taken> buckets) {
            int requests = buckets.get(0).answers().size();
            List<List<BucketState>> byRequest = new ArrayList<>(requests);
            for (int i = 0; i < requests; i++) {
                List<BucketState> answers = new ArrayList<>(buckets.size());
                for (Taken bucket : buckets) {
                    answers.add(bucket.answers().get(i));
                }
                byRequest.add(answers);
            }
            return byRequest;
        }
    }
}
