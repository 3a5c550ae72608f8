package dev.millpond.ratelimit.internal.engine;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
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
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * The buckets of this process; thread-safe.
 *
 * <p>A bucket is forgotten within about a second after it must be full again, as long as any is used. Caffeine could
 * see to that, but then each use reads the clock once more and writes down that it happened.
 */
final class LocalBuckets {

    private static final long BETWEEN_SWEEPS = Duration.ofSeconds(1).toNanos();

    /** So late that no other sweep is due until this one has ended, however long it has to wait for its turn. */
    private static final long SWEEPING = Long.MAX_VALUE;

    private final Cache<String, LocalTokens> buckets;
    private final Executor sweeper;
    private final AtomicLong sweptAt;

    /**
     * Creates no buckets yet.
     *
     * @param most buckets kept; beyond, those used least are forgotten
     * @param sweeper runs what forgets buckets that must be full again, beside the callers
     * @param now in nanoseconds, as in all that follows
     */
    LocalBuckets(long most, Executor sweeper, long now) {
        this.buckets = Caffeine.newBuilder().maximumSize(most).build();
        this.sweeper = sweeper;
        this.sweptAt = new AtomicLong(now);
    }

    /** Lets nobody else use a bucket meanwhile. */
    <T> T holding(String bucket, List<RateLimit> limits, long now, BiFunction<Shape, MutableBucketEntry, T> command) {
        sweepInTime(now);
        while (true) {
            LocalTokens tokens = tokens(bucket, limits, now);
            T answer = tokens.run(limits, now, command);
            if (answer != null) {
                return answer;
            }
            buckets.asMap().remove(bucket, tokens);
        }
    }

    /**
     * Returns the bucket, or a new one. One that is there is found without a function, which would be made each time.
     */
    private LocalTokens tokens(String bucket, List<RateLimit> limits, long now) {
        LocalTokens known = buckets.getIfPresent(bucket);
        return known != null ? known : buckets.get(bucket, name -> new LocalTokens(Shape.of(limits), now));
    }

    private void sweepInTime(long now) {
        long last = sweptAt.get();
        if (now - last > BETWEEN_SWEEPS && sweptAt.compareAndSet(last, SWEEPING)) {
            sweeper.execute(() -> {
                try {
                    sweep(now);
                } finally {
                    sweptAt.set(now);
                }
            });
        }
    }

    private void sweep(long now) {
        buckets.asMap().forEach((bucket, tokens) -> {
            if (tokens.isOver(now)) {
                buckets.asMap().remove(bucket, tokens);
            }
        });
    }

    /** Lets nobody else use any of several buckets meanwhile, each of which is another. */
    <T> T holding(List<Take> takes, long now, Function<List<MutableBucketEntry>, T> command) {
        Iterator<Take> ordered =
                takes.stream().sorted(Comparator.comparing(Take::bucket)).iterator();
        return holding(
                ordered,
                new HashMap<>(),
                now,
                held -> command.apply(takes.stream()
                        .map(take -> Objects.requireNonNull(held.get(take.bucket())))
                        .toList()));
    }

    /** Takes hold of one after the other, always in the order of their names, so that nobody waits in a circle. */
    private <T> T holding(
            Iterator<Take> ordered,
            Map<String, MutableBucketEntry> held,
            long now,
            Function<Map<String, MutableBucketEntry>, T> command) {
        if (!ordered.hasNext()) {
            return command.apply(held);
        }
        Take next = ordered.next();
        return holding(next.bucket(), next.limits(), now, (shape, entry) -> {
            held.put(next.bucket(), entry);
            return holding(ordered, held, now, command);
        });
    }

    void forget(String bucket) {
        buckets.invalidate(bucket);
    }

    void forgetAll() {
        buckets.invalidateAll();
    }

    /** Returns about how many buckets there are that need not be full. */
    long size(long now) {
        sweep(now);
        buckets.cleanUp();
        return buckets.estimatedSize();
    }
}
