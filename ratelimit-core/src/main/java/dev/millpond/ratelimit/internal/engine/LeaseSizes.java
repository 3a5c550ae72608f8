package dev.millpond.ratelimit.internal.engine;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.ratelimit.spi.LimitEngine.Take;
import java.util.List;

/**
 * How much this node should be lent of each bucket: about as many tokens as it will use. Thread-safe.
 *
 * <p>It begins with the second request within the time of a lease, doubles while leases are used up, and follows what
 * was used of the last one otherwise. So of a client that hardly comes to this node it holds nothing.
 */
final class LeaseSizes {

    private static final long MAXIMUM_BUCKETS = 50_000;
    private static final long SMALLEST = 4;

    private final Cache<String, Use> uses;

    LeaseSizes(Ticker ticker) {
        uses = Caffeine.newBuilder()
                .maximumSize(MAXIMUM_BUCKETS)
                .ticker(ticker)
                .expireAfterAccess(Leases.TIME)
                .build();
    }

    /** Returns what to ask for, together with some costs. */
    Wish next(Take take, List<Long> costs) {
        Use use = uses.getIfPresent(take.bucket());
        uses.put(take.bucket(), use == null ? Use.NONE : use.again());
        if (use == null || use.pausing) {
            return Wish.NONE;
        }
        long largest = costs.stream().mapToLong(cost -> cost).max().orElse(0);
        long enough = largest > take.lease() / SMALLEST ? take.lease() : SMALLEST * largest;
        long tokens = Math.max(Math.max(use.tokens, SMALLEST), enough);
        return new Wish(Math.min(take.lease(), tokens), use.calm ? Wish.OF_A_CALM_CLIENT : Wish.OF_ANY_CLIENT);
    }

    /** Notes how much of a lease was used. */
    void used(String bucket, long tokens, long used) {
        boolean all = used == tokens;
        uses.put(bucket, new Use(all ? Math.multiplyExact(tokens, 2) : used + used / 2, !all, used <= 1));
    }

    /**
     * What became of the last lease of a bucket.
     *
     * @param tokens that the next one may have
     * @param calm whether time ended it, not the client
     * @param pausing whether there should be none next time, since hardly any request would use it
     */
    private record Use(long tokens, boolean calm, boolean pausing) {

        private static final Use NONE = new Use(0, false, false);

        Use again() {
            return new Use(tokens, calm, false);
        }
    }

    /**
     * What this node would like to be lent.
     *
     * @param tokens 0 for none
     * @param share how many times what the bucket may give up for a longer lease is contained in its capacity
     */
    record Wish(long tokens, long share) {

        /** Tokens that such a client's full bucket gives up would overflow anyway. */
        private static final long OF_A_CALM_CLIENT = 10;

        private static final long OF_ANY_CLIENT = 200;

        static final Wish NONE = new Wish(0, OF_ANY_CLIENT);
    }
}
