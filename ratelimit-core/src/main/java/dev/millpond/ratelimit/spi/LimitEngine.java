package dev.millpond.ratelimit.spi;

import dev.millpond.ratelimit.InFlightLimit;
import dev.millpond.ratelimit.Permit;
import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.RateLimitStats;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Keeps the token buckets and takes tokens from them; also counts the requests in flight where they are limited.
 *
 * <p>Thread-safe. One decision is atomic: of concurrent callers, wherever they run, no more are admitted than there are
 * tokens. A stage that fails means that nobody knows whether tokens were taken.
 *
 * <p>A bucket has one level per limit, and a request has to find its cost in all of them. Whatever is asked of a bucket
 * that has other limits so far reshapes it: a limit stays as full, in proportion, as the one with the same period was,
 * or the only one as the only one; a limit that is new begins full.
 */
public interface LimitEngine extends AutoCloseable {

    /**
     * Takes tokens if all limits have enough; else takes none.
     *
     * @param bucket names the bucket; holds no secret
     * @param limits the bucket's shape; at least one, each with another period
     * @param cost tokens to take; zero or more. Zero is always admitted and changes nothing
     */
    CompletionStage<BucketState> take(String bucket, List<RateLimit> limits, long cost);

    /**
     * Takes the same tokens from several buckets, and a place among the requests in flight of each that limits them, if
     * all of them have enough; else takes nothing.
     *
     * <p>If it is not admitted, at least one state says so; the others tell what their bucket holds with nothing taken
     * from it. An engine that knows of a bucket that denies need not ask for the others: one of which it knows nothing
     * then counts as full. By default the buckets are asked one after the other, and get back what was taken when a
     * later one denies: never too much is admitted, but for that moment others may be denied who would have passed.
     *
     * @param takes at least one, each of another bucket
     * @param cost tokens to take from each; zero or more. Zero lacks no tokens, but needs a place as well
     * @return the states of the buckets in the order of the takes; if admitted, each has the permit of its place
     */
    default CompletionStage<List<BucketState>> takeAll(List<Take> takes, long cost) {
        return new TakesInTurn(this, takes, cost).decide();
    }

    /**
     * Tells whether one of some buckets is known to deny such a request, without asking anybody who is not here.
     *
     * <p>Takes nothing and does not wait. No buckets deny nothing. By default nothing is known.
     */
    default boolean knownToDeny(List<Take> takes, long cost) {
        return false;
    }

    /** Tells whether decisions can be made at the moment; while they cannot, each fails. By default they can. */
    default boolean available() {
        return true;
    }

    /** Tells how decisions came about since the engine was made. By default nothing is counted. */
    default RateLimitStats stats() {
        return RateLimitStats.none();
    }

    /**
     * Takes a place among the requests in flight of a bucket, and no tokens.
     *
     * @return the permit of the place; empty if all are taken
     */
    CompletionStage<Optional<Permit>> enter(String bucket, InFlightLimit limit);

    /** Returns what a bucket holds without taking anything. */
    default CompletionStage<BucketState> peek(String bucket, List<RateLimit> limits) {
        return take(bucket, limits, 0);
    }

    /**
     * Gives back what was taken: no limit is filled beyond its capacity, unless tokens were granted to it before.
     *
     * @param tokens zero or more
     * @return what the bucket holds then
     */
    CompletionStage<BucketState> refund(String bucket, List<RateLimit> limits, long tokens);

    /**
     * Adds tokens to all limits, also beyond their capacity; a limit above its capacity does not refill.
     *
     * @param tokens zero or more
     * @return what the bucket holds then
     */
    CompletionStage<BucketState> grant(String bucket, List<RateLimit> limits, long tokens);

    /**
     * Makes the bucket full, whatever it holds.
     *
     * @return what the bucket holds then
     */
    CompletionStage<BucketState> reset(String bucket, List<RateLimit> limits);

    /** Frees what the engine holds; it must not be used afterwards. */
    @Override
    void close();

    /**
     * A bucket to take tokens from.
     *
     * @param bucket names the bucket; holds no secret
     * @param limits the bucket's shape; at least one, each with another period
     * @param inFlight how many requests may be in flight; empty for any number, which then are not counted
     * @param lease how many tokens this node may be lent at once, to decide on them by itself; 0 for none. An engine
     *     need not lend any
     */
    record Take(String bucket, List<RateLimit> limits, Optional<InFlightLimit> inFlight, long lease) {

        /** Copies the limits. */
        public Take {
            limits = List.copyOf(limits);
        }

        /** Creates a take without a lease. */
        public Take(String bucket, List<RateLimit> limits, Optional<InFlightLimit> inFlight) {
            this(bucket, limits, inFlight, 0);
        }

        /** Creates a take that needs no place, and no lease. */
        public Take(String bucket, List<RateLimit> limits) {
            this(bucket, limits, Optional.empty(), 0);
        }

        /** Returns that of the bucket's name, since takes are looked up in every decision. */
        @Override
        public int hashCode() {
            return bucket.hashCode();
        }
    }

    /**
     * A bucket after a decision.
     *
     * @param admitted whether the cost was taken
     * @param levels what each limit holds, in the order of the limits
     * @param nanosToAdmit time until the same cost could be taken; 0 if it was, {@link Long#MAX_VALUE} if it never can
     * @param permit of the place that was taken
     * @param crowded whether it was denied although the tokens are there, since all places were taken; nobody knows
     *     when one is free, so {@code nanosToAdmit} is a second then
     */
    record BucketState(
            boolean admitted, List<Level> levels, long nanosToAdmit, Optional<Permit> permit, boolean crowded) {

        private static final long UNTIL_A_PLACE_MAY_BE_FREE =
                Duration.ofSeconds(1).toNanos();

        /** Copies the levels. */
        public BucketState {
            levels = List.copyOf(levels);
        }

        /** Creates the state of a bucket of which no place was wanted. */
        public BucketState(boolean admitted, List<Level> levels, long nanosToAdmit) {
            this(admitted, levels, nanosToAdmit, Optional.empty(), false);
        }

        /** Returns the state of a bucket with one limit. */
        public static BucketState of(boolean admitted, long remaining, long nanosToNextToken, long nanosToAdmit) {
            return new BucketState(admitted, List.of(new Level(remaining, nanosToNextToken)), nanosToAdmit);
        }

        /** Returns this state with a place. */
        public BucketState with(Permit place) {
            return new BucketState(admitted, levels, nanosToAdmit, Optional.of(place), crowded);
        }

        /** Returns this state as a denial for lack of a place. */
        public BucketState withoutPlace() {
            return new BucketState(false, levels, UNTIL_A_PLACE_MAY_BE_FREE, Optional.empty(), true);
        }

        /** Returns the whole tokens left: those of the limit that has the fewest. */
        public long remaining() {
            long least = levels.get(0).remaining;
            for (int i = 1; i < levels.size(); i++) {
                least = Math.min(least, levels.get(i).remaining);
            }
            return least;
        }

        /** Returns the time until one more whole token is left; 0 if the limit that has the fewest is full. */
        public long nanosToNextToken() {
            long remaining = remaining();
            long longest = 0;
            for (int i = 0; i < levels.size(); i++) {
                Level level = levels.get(i);
                longest = level.remaining == remaining ? Math.max(longest, level.nanosToNextToken) : longest;
            }
            return longest;
        }
    }

    /**
     * What one limit of a bucket holds.
     *
     * @param remaining whole tokens left
     * @param nanosToNextToken time until one more whole token; 0 if the limit is full
     */
    record Level(long remaining, long nanosToNextToken) {}
}
