package dev.millpond.ratelimit.internal.engine;

import dev.millpond.ratelimit.internal.engine.TakeCommand.Taken;
import dev.millpond.ratelimit.spi.LimitEngine.BucketState;
import dev.millpond.ratelimit.spi.LimitEngine.Take;
import io.github.bucket4j.distributed.remote.MutableBucketEntry;
import io.github.bucket4j.distributed.remote.RemoteBucketState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Decides several requests, first come first served; each is charged to all of some buckets, or to none.
 *
 * <p>A bucket is written only if tokens were taken or its limits changed.
 */
final class JointTake {

    private final List<Take> takes;
    private final List<Shape> shapes;
    private final List<Wanted> wanted;
    private final Duration precision;

    /**
     * Creates the command.
     *
     * @param takes each of another bucket
     * @param precision the smallest step in which buckets refill
     */
    JointTake(List<Take> takes, List<Wanted> wanted, Duration precision) {
        this.takes = List.copyOf(takes);
        this.shapes = takes.stream().map(take -> Shape.of(take.limits())).toList();
        this.wanted = List.copyOf(wanted);
        this.precision = precision;
    }

    /** Returns the keys of the script. */
    List<String> keys() {
        return takes.stream().map(Take::bucket).toList();
    }

    /** Returns the call of the script that has the same effect; empty if there is none. */
    Optional<ScriptCall> scriptCall() {
        return distinct() && shapes.stream().allMatch(Shape::exactInScript)
                ? Optional.of(ScriptCall.taking(shapes, List.of(), wanted))
                : Optional.empty();
    }

    /** Tells whether no bucket is named twice, which would have to be charged twice. */
    boolean distinct() {
        return takes.stream().map(Take::bucket).distinct().count() == takes.size();
    }

    /**
     * Decides.
     *
     * @param entries of the buckets
     * @param now in nanoseconds
     * @return what was decided for each bucket; its answers are in the order of the requests
     */
    List<Taken> decide(List<MutableBucketEntry> entries, long now) {
        List<Opened> opened = IntStream.range(0, takes.size())
                .mapToObj(i -> new Opened(shapes.get(i), entries.get(i), Refill.roundDown(now, precision)))
                .toList();
        for (Wanted request : wanted) {
            boolean admitted = opened.stream().allMatch(bucket -> bucket.admits(request.cost()));
            opened.forEach(bucket -> bucket.answer(request.cost(), admitted));
        }
        return opened.stream().map(bucket -> bucket.taken(now)).toList();
    }

    /** A bucket while it is decided upon. */
    private final class Opened {

        private final Shape shape;
        private final MutableBucketEntry entry;
        private final RemoteBucketState bucket;
        private final List<BucketState> answers = new ArrayList<>(wanted.size());

        private Opened(Shape shape, MutableBucketEntry entry, long now) {
            this.shape = shape;
            this.entry = entry;
            this.bucket = shape.open(entry, now);
        }

        boolean admits(long cost) {
            return cost <= bucket.getAvailableTokens();
        }

        void answer(long cost, boolean admittedByAll) {
            boolean admitted = admits(cost);
            if (admittedByAll && cost > 0) {
                bucket.consume(cost);
                entry.set(bucket);
            }
            answers.add(Refill.stateOf(shape.limits(), bucket.getState(), cost, admitted, precision));
        }

        Taken taken(long now) {
            return new Taken(answers, bucket.copyBucketState(), now);
        }
    }
}
