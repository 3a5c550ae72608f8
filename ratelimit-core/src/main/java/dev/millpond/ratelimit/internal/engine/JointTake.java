package dev.millpond.ratelimit.internal.engine;

import dev.millpond.ratelimit.InFlightLimit;
import dev.millpond.ratelimit.internal.engine.TakeCommand.Taken;
import dev.millpond.ratelimit.spi.LimitEngine.BucketState;
import dev.millpond.ratelimit.spi.LimitEngine.Take;
import io.github.bucket4j.distributed.remote.MutableBucketEntry;
import io.github.bucket4j.distributed.remote.RemoteBucketState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Decides several requests, first come first served; each is charged to all of some buckets and takes a place among the
 * requests in flight of each that limits them, or has no effect.
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
        this.shapes = new ArrayList<>(takes.size());
        takes.forEach(take -> shapes.add(Shape.of(take.limits())));
        this.wanted = List.copyOf(wanted);
        this.precision = precision;
    }

    /** Returns the keys of the script: the buckets, then what counts their requests in flight. */
    List<String> keys() {
        List<String> keys = new ArrayList<>(takes.stream().map(Take::bucket).toList());
        takes.stream()
                .filter(take -> take.inFlight().isPresent())
                .map(take -> HashTag.keyInFlight(take.bucket()))
                .forEach(keys::add);
        return keys;
    }

    /** Returns the call of the script that has the same effect; empty if there is none. */
    Optional<ScriptCall> scriptCall() {
        List<InFlightLimit> places =
                takes.stream().flatMap(take -> take.inFlight().stream()).toList();
        return distinct() && shapes.stream().allMatch(Shape::exactInScript)
                ? Optional.of(ScriptCall.taking(shapes, places, wanted))
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
     * @param inFlight requests in flight, of each bucket that limits them
     * @param now in nanoseconds
     * @return what was decided for each bucket; its answers are in the order of the requests
     */
    List<Taken> decide(List<MutableBucketEntry> entries, List<Long> inFlight, long now) {
        Iterator<Long> counts = inFlight.iterator();
        List<Opened> opened = IntStream.range(0, takes.size())
                .mapToObj(i -> new Opened(
                        shapes.get(i),
                        entries.get(i),
                        takes.get(i).inFlight().map(limit -> limit.most() - counts.next()),
                        Refill.roundDown(now, precision)))
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
        private final long at;
        private long places;

        private Opened(Shape shape, MutableBucketEntry entry, Optional<Long> places, long now) {
            this.shape = shape;
            this.entry = entry;
            this.bucket = shape.open(entry, now);
            this.places = places.orElse(Long.MAX_VALUE);
            this.at = now;
        }

        private boolean holds(long cost) {
            return cost <= bucket.getAvailableTokens();
        }

        boolean admits(long cost) {
            return holds(cost) && places > 0;
        }

        void answer(long cost, boolean admittedByAll) {
            boolean holds = holds(cost);
            boolean crowded = holds && places <= 0;
            if (admittedByAll) {
                charge(cost);
            }
            BucketState state = Refill.stateOf(shape.limits(), bucket.getState(), cost, holds, at, precision);
            answers.add(crowded ? state.withoutPlace() : state);
        }

        private void charge(long cost) {
            places--;
            if (cost > 0) {
                bucket.consume(cost);
                entry.set(bucket);
            }
        }

        Taken taken(long now) {
            return new Taken(answers, bucket.copyBucketState(), now);
        }
    }
}
