package dev.millpond.ratelimit.internal.engine;

import dev.millpond.ratelimit.spi.LimitEngine.BucketState;
import io.github.bucket4j.distributed.remote.MutableBucketEntry;
import io.github.bucket4j.distributed.remote.RemoteBucketState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

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
            boolean admitted = cost <= bucket.getAvailableTokens();
            if (admitted && cost > 0) {
                bucket.consume(cost);
                entry.set(bucket);
            }
            answers.add(Refill.stateOf(shape.limits(), bucket.getState(), cost, admitted, at, precision));
        }
        return new Taken(answers, bucket.copyBucketState(), now);
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
            return IntStream.range(0, buckets.get(0).answers().size())
                    .mapToObj(i -> buckets.stream()
                            .map(bucket -> bucket.answers().get(i))
                            .toList())
                    .toList();
        }
    }
}
