package dev.millpond.ratelimit.internal;

import dev.millpond.ratelimit.Tier;
import dev.millpond.ratelimit.spi.LimitEngine.BucketState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;

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
        TierState tightest = states.get(0);
        for (int i = 1; i < states.size(); i++) {
            TierState next = states.get(i);
            tightest = TIGHTEST_FIRST.compare(next.state, tightest.state) < 0 ? next : tightest;
        }
        return tightest;
    }

    /** Joins buckets with what they said, in the same order. */
    static List<TierState> join(List<TierBucket> buckets, List<BucketState> states) {
        if (buckets.size() == 1) {
            return List.of(new TierState(buckets.get(0).tier(), states.get(0)));
        }
        List<TierState> joined = new ArrayList<>(buckets.size());
        for (int i = 0; i < buckets.size(); i++) {
            joined.add(new TierState(buckets.get(i).tier(), states.get(i)));
        }
        return joined;
    }

    TierState with(UnaryOperator<BucketState> change) {
        return new TierState(tier, change.apply(state));
    }
}
