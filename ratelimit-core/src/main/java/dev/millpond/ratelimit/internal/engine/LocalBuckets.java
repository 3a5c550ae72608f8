package dev.millpond.ratelimit.internal.engine;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.internal.engine.LocalTokens.Command;
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
import java.util.function.LongFunction;

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

    /** The latest moment at which a bucket was over: a new one that somebody with an earlier clock makes is as late. */
    private final AtomicLong overAt;

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
        this.overAt = new AtomicLong(now);
    }

    /** Lets nobody else use a bucket meanwhile. */
    <T> T holding(String bucket, List<RateLimit> limits, long now, Command<T> command) {
        sweepInTime(now);
        while (true) {
            LocalTokens tokens = tokens(bucket, limits, now);
            T answer = tokens.run(limits, now, command);
            if (answer != null) {
                return answer;
            }
            removeOver(bucket, tokens);
        }
    }

    /**
     * Returns the bucket, or a new one. One that is there is found without a function, which would be made each time.
     */
    private LocalTokens tokens(String bucket, List<RateLimit> limits, long now) {
        LocalTokens known = buckets.getIfPresent(bucket);
        return known != null ? known : buckets.get(bucket, name -> made(limits, now));
    }

    private LocalTokens made(List<RateLimit> limits, long now) {
        return new LocalTokens(Shape.of(limits), Math.max(now, overAt.get()));
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
                removeOver(bucket, tokens);
            }
        });
    }

    /** Notes the moment before the bucket is gone, so that whoever makes a new one knows it. */
    private void removeOver(String bucket, LocalTokens tokens) {
        overAt.accumulateAndGet(tokens.usedAt(), Math::max);
        buckets.asMap().remove(bucket, tokens);
    }

    /** Lets nobody else use any of several buckets meanwhile, each of which is another. */
    <T> T holding(List<Take> takes, long now, JointCommand<T> command) {
        Iterator<Take> ordered =
                takes.stream().sorted(Comparator.comparing(Take::bucket)).iterator();
        Map<String, LocalTokens> held = new HashMap<>();
        return holding(ordered, held, now, at -> {
            held.values().forEach(tokens -> tokens.usedAt(at));
            return command.run(
                    takes.stream()
                            .map(take -> Objects.requireNonNull(held.get(take.bucket()))
                                    .entry())
                            .toList(),
                    at);
        });
    }

    /** Takes hold of one after the other, always in the order of their names, so that nobody waits in a circle. */
    private <T> T holding(Iterator<Take> ordered, Map<String, LocalTokens> held, long now, LongFunction<T> command) {
        if (!ordered.hasNext()) {
            return command.apply(now);
        }
        Take next = ordered.next();
        return holding(next.bucket(), next.limits(), now, (tokens, at) -> {
            held.put(next.bucket(), tokens);
            return holding(ordered, held, at, command);
        });
    }

    /**
     * What is done with several buckets, at the latest moment at which any of them was used.
     *
     * @param <T> the type of the answer
     */
    @FunctionalInterface
    interface JointCommand<T> {

        T run(List<MutableBucketEntry> entries, long now);
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
