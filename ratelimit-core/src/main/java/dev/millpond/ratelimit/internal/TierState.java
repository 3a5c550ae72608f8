package dev.millpond.ratelimit.internal;

import dev.millpond.ratelimit.Tier;
import dev.millpond.ratelimit.spi.LimitEngine.BucketState;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * What one bucket of a request said.
 *
 * @param tier of the bucket
 */
record TierState(Tier tier, BucketState state) {

    private static final Comparator<BucketState> TIGHTEST_FIRST = Comparator.comparing(BucketState::admitted)
            .thenComparing(Comparator.comparingLong(BucketState::nanosToAdmit).reversed())
            .thenComparingLong(BucketState::remaining);

    /** Returns the one that answers for all: that which denies for the longest time, or else has the fewest tokens. */
    static TierState tightest(List<TierState> states) {
        return states.stream()
                .min(Comparator.comparing(TierState::state, TIGHTEST_FIRST))
                .orElseThrow();
    }

    /** Joins buckets with what they said, in the same order. */
    static List<TierState> join(List<TierBucket> buckets, List<BucketState> states) {
        return IntStream.range(0, buckets.size())
                .mapToObj(i -> new TierState(buckets.get(i).tier(), states.get(i)))
                .toList();
    }

    TierState with(UnaryOperator<BucketState> change) {
        return new TierState(tier, change.apply(state));
    }
}
