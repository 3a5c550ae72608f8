package dev.millpond.ratelimit.internal.engine;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.internal.engine.TakeCommand.Taken;
import dev.millpond.ratelimit.spi.LimitEngine.BucketState;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Remembers buckets that denied a request, so that this node can deny the next one by itself.
 *
 * <p>That is exact, because only time adds tokens: until the moment at which the tokens could be there at the earliest,
 * Redis would deny the request too. Whatever else adds tokens has to say so by {@link #forget}.
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
    private final Cache<String, DeniedBucket> buckets;
    private final AtomicLongArray forgotten = new AtomicLongArray(COUNTERS);

    ExhaustedBuckets(Ticker ticker) {
        this.ticker = ticker;
        this.buckets = Caffeine.newBuilder()
                .maximumSize(MAXIMUM_BUCKETS)
                .ticker(ticker)
                .expireAfter(Expiry.<String, DeniedBucket>writing((name, denied) -> denied.useful()))
                .build();
    }

    /** Returns the denial of a cost that the bucket cannot have yet; null if only Redis knows. */
    @Nullable
    BucketState denial(String name, List<RateLimit> limits, long cost) {
        DeniedBucket denied = buckets.getIfPresent(name);
        return denied == null ? null : denied.denial(limits, cost, ticker.read());
    }

    /** Begins a question to Redis about a bucket. */
    Question ask(String name) {
        return new Question(name, ticker.read(), forgotten.get(counter(name)));
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

        private final String name;
        private final long sentAt;
        private final long forgottenBefore;

        private Question(String name, long sentAt, long forgottenBefore) {
            this.name = name;
            this.sentAt = sentAt;
            this.forgottenBefore = forgottenBefore;
        }

        /** Remembers the answer if a request was denied. */
        void answered(List<RateLimit> limits, Taken taken) {
            long toAdmit = taken.answers().stream()
                    .filter(answer -> !answer.admitted())
                    .mapToLong(BucketState::nanosToAdmit)
                    .max()
                    .orElse(0);
            if (toAdmit > 0) {
                Duration useful = Duration.ofNanos(toAdmit == Long.MAX_VALUE ? KEPT_FOR_GOOD : toAdmit);
                remember(new DeniedBucket(limits, taken.level(), taken.at(), sentAt, ticker.read(), useful));
            }
        }

        /** The counter is read while nobody else can change the entry, so that it cannot outlive being forgotten. */
        private void remember(DeniedBucket denied) {
            buckets.asMap()
                    .compute(name, (key, before) -> forgotten.get(counter(name)) == forgottenBefore ? denied : before);
        }
    }
}
