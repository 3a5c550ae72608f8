package dev.millpond.ratelimit.internal.engine;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.ratelimit.internal.engine.TakeCommand.Taken;
import dev.millpond.ratelimit.spi.LimitEngine.BucketState;
import dev.millpond.ratelimit.spi.LimitEngine.Take;
import dev.millpond.runtime.spi.NodeMessages;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Remembers buckets that denied a request, or have no token left, so that this node can deny the next one by itself.
 *
 * <p>That is exact, because only time adds tokens: until the moment at which the tokens could be there at the earliest,
 * Redis would deny the request too. Whatever else adds tokens has to say so by {@link #forget}. Of a bucket that is
 * lent of, tokens can come back to other nodes without a word: that is known for no longer than a lease lasts.
 *
 * <p>Thread-safe. What was asked before a bucket was forgotten is not remembered afterwards, since it may not know yet.
 */
final class ExhaustedBuckets implements NodeMessages.Hearer {

    /** Buckets remembered at most, about 20 MB. */
    static final long MAXIMUM_BUCKETS = 50_000;

    /** For a cost that no waiting brings, which may come as often as any other. */
    private static final long KEPT_FOR_GOOD = Duration.ofSeconds(1).toNanos();

    /** A bucket shares its counter with others, which costs at most a question to Redis. */
    private static final int COUNTERS = 1_024;

    private final Ticker ticker;
    private final Cache<String, SeenBucket> buckets;
    private final AtomicLongArray forgotten = new AtomicLongArray(COUNTERS);

    ExhaustedBuckets(Ticker ticker) {
        this.ticker = ticker;
        // Without an end: each look would read the clock once more, and what is out of date is told by its own times.
        this.buckets = Caffeine.newBuilder().maximumSize(MAXIMUM_BUCKETS).build();
    }

    /**
     * Returns the denial of a cost that one of the buckets cannot have yet; null if only Redis knows.
     *
     * <p>Other buckets that nothing is remembered of count as full in it.
     */
    @Nullable
    List<BucketState> denial(List<Take> takes, long cost) {
        long now = ticker.read();
        if (takes.size() == 1) {
            SeenBucket only = seen(takes.get(0), now);
            BucketState denial = only == null ? null : only.denial(cost, now);
            return denial == null ? null : List.of(denial);
        }
        List<@Nullable SeenBucket> seen = new ArrayList<>(takes.size());
        boolean denied = false;
        for (Take take : takes) {
            SeenBucket bucket = seen(take, now);
            denied |= bucket != null && bucket.denied() && bucket.denies(cost, now);
            seen.add(bucket);
        }
        return denied ? states(takes, seen, cost, now) : null;
    }

    private static List<BucketState> states(List<Take> takes, List<@Nullable SeenBucket> seen, long cost, long now) {
        List<BucketState> states = new ArrayList<>(takes.size());
        for (int i = 0; i < takes.size(); i++) {
            SeenBucket bucket = seen.get(i);
            states.add(
                    bucket != null && bucket.denied()
                            ? bucket.state(cost, now)
                            : Shape.of(takes.get(i).limits()).untouched());
        }
        return states;
    }

    /** Tells whether one of the buckets cannot have a cost yet, as far as this node knows. */
    boolean knownToLack(List<Take> takes, long cost) {
        long now = ticker.read();
        for (Take take : takes) {
            SeenBucket seen = seen(take, now);
            if (seen != null && seen.denies(cost, now)) {
                return true;
            }
        }
        return false;
    }

    /** Returns what is remembered of a bucket, unless that is of no more use, or had other limits. */
    private @Nullable SeenBucket seen(Take take, long now) {
        SeenBucket seen = buckets.getIfPresent(take.bucket());
        return seen != null && seen.usefulAt(now) && seen.limits().equals(take.limits()) ? seen : null;
    }

    /** Begins a question to Redis about buckets. */
    Question ask(List<Take> takes) {
        long[] forgottenBefore = new long[takes.size()];
        for (int i = 0; i < forgottenBefore.length; i++) {
            forgottenBefore[i] = forgotten.get(counter(takes.get(i).bucket()));
        }
        return new Question(takes, ticker.read(), forgottenBefore);
    }

    /** Says that tokens were added to a bucket by something else than time. */
    void forget(String name) {
        forgotten.incrementAndGet(counter(name));
        buckets.invalidate(name);
    }

    @Override
    public void heard(String message) {
        forget(message);
    }

    @Override
    public void missedSome() {
        forgetAll();
    }

    /** Says that nobody knows what happened to the buckets. */
    void forgetAll() {
        IntStream.range(0, COUNTERS).forEach(forgotten::incrementAndGet);
        buckets.invalidateAll();
    }

    private static int counter(String name) {
        return Math.floorMod(name.hashCode(), COUNTERS);
    }

    /** A question that is on its way: Redis answers at a later moment, and does not know what happens after that. */
    final class Question {

        private final List<Take> takes;
        private final long sentAt;
        private final long[] forgottenBefore;

        private Question(List<Take> takes, long sentAt, long[] forgottenBefore) {
            this.takes = takes;
            this.sentAt = sentAt;
            this.forgottenBefore = forgottenBefore;
        }

        /**
         * Remembers the answer if a request was denied: buckets that did not deny it too, which are part of it; and
         * else those that were emptied.
         */
        void answered(List<Taken> taken) {
            long longest = 0;
            for (Taken bucket : taken) {
                longest = Math.max(longest, nanosUseful(bucket));
            }
            long now = ticker.read();
            for (int i = 0; i < takes.size(); i++) {
                long useful = Math.max(nanosUseful(taken.get(i)), nanosEmpty(taken.get(i)));
                if (longest > 0 || useful > 0) {
                    remember(i, taken.get(i), useful > 0 ? useful : longest, now, longest > 0);
                }
            }
        }

        private static long nanosUseful(Taken taken) {
            long toAdmit = 0;
            for (BucketState answer : taken.answers()) {
                toAdmit = answer.admitted() || answer.crowded() ? toAdmit : Math.max(toAdmit, answer.nanosToAdmit());
            }
            return toAdmit == Long.MAX_VALUE ? KEPT_FOR_GOOD : toAdmit;
        }

        private static long nanosEmpty(Taken taken) {
            long toNext = 0;
            for (BucketState answer : taken.answers()) {
                toNext = answer.remaining() == 0 ? Math.max(toNext, answer.nanosToNextToken()) : toNext;
            }
            return toNext;
        }

        private static long longest(Take take, long useful) {
            return take.lease() > 0 ? Math.min(useful, Leases.TIME.toNanos()) : useful;
        }

        /**
         * The counter is read while nobody else can change the entry, so that it cannot outlive being forgotten; and
         * once more afterwards, since whoever forgets all does not see an entry that is just being made.
         */
        private void remember(int i, Taken taken, long useful, long now, boolean denied) {
            Take take = takes.get(i);
            int counter = counter(take.bucket());
            SeenBucket seen = new SeenBucket(
                    take.limits(), taken.level(), taken.at(), sentAt, now, longest(take, useful), denied);
            buckets.asMap()
                    .compute(
                            take.bucket(),
                            (key, before) ->
                                    forgotten.get(counter) == forgottenBefore[i] ? seen.after(before) : before);
            if (forgotten.get(counter) != forgottenBefore[i]) {
                buckets.invalidate(take.bucket());
            }
        }
    }
}
