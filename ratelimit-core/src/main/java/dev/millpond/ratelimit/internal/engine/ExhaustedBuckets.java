package dev.millpond.ratelimit.internal.engine;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.ratelimit.internal.engine.TakeCommand.Taken;
import dev.millpond.ratelimit.spi.LimitEngine.BucketState;
import dev.millpond.ratelimit.spi.LimitEngine.Take;
import dev.millpond.runtime.spi.NodeMessages;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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
        this.buckets = Caffeine.newBuilder()
                .maximumSize(MAXIMUM_BUCKETS)
                .ticker(ticker)
                .expireAfter(Expiry.<String, SeenBucket>writing((name, seen) -> seen.useful()))
                .build();
    }

    /**
     * Returns the denial of a cost that one of the buckets cannot have yet; null if only Redis knows.
     *
     * <p>Other buckets that nothing is remembered of count as full in it.
     */
    @Nullable
    List<BucketState> denial(List<Take> takes, long cost) {
        long now = ticker.read();
        List<Optional<SeenBucket>> seen = takes.stream()
                .map(take -> seen(take).filter(SeenBucket::denied))
                .toList();
        if (seen.stream().noneMatch(bucket -> bucket.isPresent() && bucket.get().denies(cost, now))) {
            return null;
        }
        return IntStream.range(0, takes.size())
                .mapToObj(i -> seen.get(i)
                        .map(bucket -> bucket.state(cost, now))
                        .orElseGet(() -> Shape.of(takes.get(i).limits()).untouched()))
                .toList();
    }

    /** Tells whether one of the buckets cannot have a cost yet, as far as this node knows. */
    boolean knownToLack(List<Take> takes, long cost) {
        long now = ticker.read();
        return takes.stream()
                .anyMatch(take ->
                        seen(take).filter(bucket -> bucket.denies(cost, now)).isPresent());
    }

    /** Returns what is remembered of a bucket, unless that had other limits. */
    private Optional<SeenBucket> seen(Take take) {
        return Optional.ofNullable(buckets.getIfPresent(take.bucket()))
                .filter(bucket -> bucket.limits().equals(take.limits()));
    }

    /** Begins a question to Redis about buckets. */
    Question ask(List<Take> takes) {
        return new Question(
                takes,
                ticker.read(),
                takes.stream()
                        .map(take -> forgotten.get(counter(take.bucket())))
                        .toList());
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
        private final List<Long> forgottenBefore;

        private Question(List<Take> takes, long sentAt, List<Long> forgottenBefore) {
            this.takes = takes;
            this.sentAt = sentAt;
            this.forgottenBefore = forgottenBefore;
        }

        /**
         * Remembers the answer if a request was denied: buckets that did not deny it too, which are part of it; and
         * else those that were emptied.
         */
        void answered(List<Taken> taken) {
            long longest = taken.stream().mapToLong(Question::nanosUseful).max().orElse(0);
            long now = ticker.read();
            for (int i = 0; i < takes.size(); i++) {
                long useful = Math.max(nanosUseful(taken.get(i)), nanosEmpty(taken.get(i)));
                if (longest > 0 || useful > 0) {
                    remember(i, taken.get(i), useful > 0 ? useful : longest, now, longest > 0);
                }
            }
        }

        private static long nanosUseful(Taken taken) {
            long toAdmit = taken.answers().stream()
                    .filter(answer -> !answer.admitted() && !answer.crowded())
                    .mapToLong(BucketState::nanosToAdmit)
                    .max()
                    .orElse(0);
            return toAdmit == Long.MAX_VALUE ? KEPT_FOR_GOOD : toAdmit;
        }

        private static long nanosEmpty(Taken taken) {
            return taken.answers().stream()
                    .filter(answer -> answer.remaining() == 0)
                    .mapToLong(BucketState::nanosToNextToken)
                    .max()
                    .orElse(0);
        }

        private static Duration longest(Take take, long useful) {
            return Duration.ofNanos(take.lease() > 0 ? Math.min(useful, Leases.TIME.toNanos()) : useful);
        }

        /** The counter is read while nobody else can change the entry, so that it cannot outlive being forgotten. */
        private void remember(int i, Taken taken, long useful, long now, boolean denied) {
            Take take = takes.get(i);
            int counter = counter(take.bucket());
            SeenBucket seen = new SeenBucket(
                    take.limits(), taken.level(), taken.at(), sentAt, now, longest(take, useful), denied);
            buckets.asMap()
                    .compute(
                            take.bucket(),
                            (key, before) ->
                                    forgotten.get(counter) == forgottenBefore.get(i) ? seen.after(before) : before);
        }
    }
}
