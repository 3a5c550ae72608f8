package dev.millpond.ratelimit.internal.engine;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.spi.LimitEngine.Take;
import io.github.bucket4j.distributed.remote.MutableBucketEntry;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;

/** The buckets of this process; thread-safe. A bucket is forgotten within a second after it must be full again. */
final class LocalBuckets {

    /** Caffeine skips changes of the life of an entry by less than a second, and so does this for an entry in use. */
    private static final long SKIPPED_AT_MOST = Duration.ofSeconds(1).toNanos();

    private final Cache<String, LocalTokens> buckets;

    /**
     * Creates no buckets yet.
     *
     * @param most buckets kept; beyond, those used least are forgotten
     */
    LocalBuckets(Ticker ticker, long most) {
        this.buckets = Caffeine.newBuilder()
                .maximumSize(most)
                .ticker(ticker)
                .expireAfter(new OnceFull())
                .build();
    }

    /** Lets nobody else use a bucket meanwhile. */
    <T> T holding(String bucket, List<RateLimit> limits, BiFunction<Shape, MutableBucketEntry, T> command) {
        LocalTokens known = buckets.getIfPresent(bucket); // without a function, which would be made each time
        LocalTokens tokens = known != null ? known : buckets.get(bucket, name -> new LocalTokens(Shape.of(limits)));
        long keptBefore = tokens.nanosToKeep();
        T answer = tokens.run(limits, command);
        if (keptBefore != tokens.nanosToKeep()) {
            buckets.put(bucket, tokens); // so that it is kept for as long as it needs now
        }
        return answer;
    }

    /** Lets nobody else use any of several buckets meanwhile, each of which is another. */
    <T> T holding(List<Take> takes, Function<List<MutableBucketEntry>, T> command) {
        Iterator<Take> ordered =
                takes.stream().sorted(Comparator.comparing(Take::bucket)).iterator();
        return holding(
                ordered,
                new HashMap<>(),
                held -> command.apply(takes.stream()
                        .map(take -> Objects.requireNonNull(held.get(take.bucket())))
                        .toList()));
    }

    /** Takes hold of one after the other, always in the order of their names, so that nobody waits in a circle. */
    private <T> T holding(
            Iterator<Take> ordered,
            Map<String, MutableBucketEntry> held,
            Function<Map<String, MutableBucketEntry>, T> command) {
        if (!ordered.hasNext()) {
            return command.apply(held);
        }
        Take next = ordered.next();
        return holding(next.bucket(), next.limits(), (shape, entry) -> {
            held.put(next.bucket(), entry);
            return holding(ordered, held, command);
        });
    }

    void forget(String bucket) {
        buckets.invalidate(bucket);
    }

    void forgetAll() {
        buckets.invalidateAll();
    }

    /** Returns about how many buckets are kept. */
    long size() {
        buckets.cleanUp();
        return buckets.estimatedSize();
    }

    /** Asked in every decision, so it counts in nanoseconds. */
    private static final class OnceFull implements Expiry<String, LocalTokens> {

        @Override
        public long expireAfterCreate(String bucket, LocalTokens tokens, long now) {
            return tokens.nanosToKeep() + SKIPPED_AT_MOST;
        }

        @Override
        public long expireAfterUpdate(String bucket, LocalTokens tokens, long now, long current) {
            return expireAfterCreate(bucket, tokens, now);
        }

        @Override
        public long expireAfterRead(String bucket, LocalTokens tokens, long now, long current) {
            long spare = current - tokens.nanosToKeep();
            return spare >= 0 && spare <= SKIPPED_AT_MOST ? current : expireAfterCreate(bucket, tokens, now);
        }
    }
}
