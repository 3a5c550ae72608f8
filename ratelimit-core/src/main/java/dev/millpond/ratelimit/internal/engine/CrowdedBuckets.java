package dev.millpond.ratelimit.internal.engine;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.ratelimit.spi.LimitEngine.BucketState;
import dev.millpond.ratelimit.spi.LimitEngine.Take;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * Remembers for a moment buckets whose places for requests in flight were all taken, so that this node can deny the
 * next request by itself.
 *
 * <p>A place that this node gives back ends that at once. Nobody tells of places that other nodes give back, or that
 * are free because their time is over, so it also ends by itself.
 *
 * <p>Thread-safe. An answer is not remembered if a place was on its way back when it was asked for, or has gone there
 * since: it may not know of that place yet.
 */
final class CrowdedBuckets {

    /** Also how long a place may stay empty that another node has given back. */
    static final Duration REMEMBERED = Duration.ofMillis(100);

    /** A bucket shares its counters with others, which costs at most a question to Redis. */
    private static final int COUNTERS = 8_192;

    private final Ticker ticker;
    private final Cache<String, Crowded> buckets;
    private final AtomicLongArray leaving = new AtomicLongArray(COUNTERS);
    private final AtomicLongArray left = new AtomicLongArray(COUNTERS);

    CrowdedBuckets(Ticker ticker) {
        this.ticker = ticker;
        this.buckets = Caffeine.newBuilder()
                .maximumSize(ExhaustedBuckets.MAXIMUM_BUCKETS)
                .ticker(ticker)
                .expireAfterWrite(REMEMBERED)
                .build();
    }

    /**
     * Returns the denial for lack of a place in one of the buckets; null if only Redis knows.
     *
     * <p>Buckets that Redis was not asked about together with that one count as full in it. A request whose tokens may
     * be missing as well, in any of them, has to be told so: then only Redis knows.
     */
    @Nullable
    List<BucketState> denial(List<Take> takes, long cost) {
        if (!limitInFlight(takes)) {
            return null;
        }
        return takes.stream()
                .flatMap(take -> crowded(take).stream())
                .findFirst()
                .map(crowded -> takes.stream().map(crowded::stateOf).toList())
                .filter(states -> states.stream().allMatch(state -> cost <= state.remaining()))
                .orElse(null);
    }

    private static boolean limitInFlight(List<Take> takes) {
        for (Take take : takes) {
            if (take.inFlight().isPresent()) {
                return true;
            }
        }
        return false;
    }

    private Optional<Crowded> crowded(Take take) {
        return take.inFlight()
                .map(limit -> buckets.getIfPresent(take.bucket()))
                .filter(crowded -> crowded.knows(take, ticker.read()));
    }

    /** Says that a place begins to be given back. */
    void leaving(String bucket) {
        leaving.incrementAndGet(counter(bucket));
        buckets.invalidate(bucket);
    }

    /** Says that Redis has heard of a place that was given back, or never will. */
    void left(String bucket) {
        left.incrementAndGet(counter(bucket));
    }

    /** Begins a question to Redis about buckets. */
    Question ask(List<Take> takes) {
        int[] counters = new int[takes.size()];
        for (int i = 0; i < counters.length; i++) {
            counters[i] = counter(takes.get(i).bucket());
        }
        return new Question(takes, ticker.read(), counters);
    }

    private static int counter(String bucket) {
        return Math.floorMod(bucket.hashCode(), COUNTERS);
    }

    /** A question that is on its way. */
    final class Question {

        private final List<Take> takes;
        private final long askedAt;
        private final int[] counters;
        private final long[] leavingBefore;
        private final long[] leftBefore;

        private Question(List<Take> takes, long askedAt, int[] counters) {
            this.takes = takes;
            this.askedAt = askedAt;
            this.counters = counters;
            this.leavingBefore = read(leaving);
            this.leftBefore = read(left);
        }

        private long[] read(AtomicLongArray counts) {
            long[] read = new long[counters.length];
            for (int i = 0; i < read.length; i++) {
                read[i] = counts.get(counters[i]);
            }
            return read;
        }

        /**
         * Remembers what the buckets answered a request, for each whose places are all taken; nothing if tokens were
         * missing somewhere, since that is no answer to a smaller cost.
         */
        void answered(List<BucketState> states) {
            boolean tokensMissing = false;
            boolean crowded = false;
            for (BucketState state : states) {
                tokensMissing |= !state.admitted() && !state.crowded();
                crowded |= state.crowded();
            }
            if (crowded && !tokensMissing) {
                rememberCrowded(states);
            }
        }

        private void rememberCrowded(List<BucketState> states) {
            Crowded crowded = new Crowded(takes, List.copyOf(states), askedAt);
            for (int i = 0; i < states.size(); i++) {
                if (states.get(i).crowded()) {
                    remember(i, crowded);
                }
            }
        }

        private void remember(int bucket, Crowded crowded) {
            buckets.asMap()
                    .compute(takes.get(bucket).bucket(), (name, before) -> knowsAllPlaces(bucket) ? crowded : before);
        }

        /** Asked while nobody else can change the entry, so that it cannot outlive a place that is given back. */
        private boolean knowsAllPlaces(int bucket) {
            long before = leavingBefore[bucket];
            return leftBefore[bucket] == before && leaving.get(counters[bucket]) == before;
        }
    }

    /**
     * A bucket that denied a request for lack of a place.
     *
     * @param takes what was asked for
     * @param states what was answered
     */
    private record Crowded(List<Take> takes, List<BucketState> states, long askedAt) {

        boolean knows(Take take, long now) {
            return takes.contains(take) && now - askedAt < REMEMBERED.toNanos();
        }

        BucketState stateOf(Take take) {
            int asked = takes.indexOf(take);
            return asked < 0 ? Shape.of(take.limits()).untouched() : states.get(asked);
        }
    }
}
