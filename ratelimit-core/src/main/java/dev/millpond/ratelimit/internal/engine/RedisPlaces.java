package dev.millpond.ratelimit.internal.engine;

import dev.millpond.ratelimit.InFlightLimit;
import dev.millpond.ratelimit.Permit;
import dev.millpond.ratelimit.spi.LimitEngine.BucketState;
import dev.millpond.ratelimit.spi.LimitEngine.Take;
import dev.millpond.runtime.spi.RedisGuard;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.redisson.client.codec.StringCodec;

/**
 * Places for requests in flight, kept in Redis: for each bucket a sorted set of the requests, by the time at which each
 * loses its place.
 *
 * <p>A place whose request failed may have been taken all the same, so it is given back; if that fails too, it is free
 * when its time is over.
 */
final class RedisPlaces {

    /** Nobody waits for it. */
    private static final Duration BUDGET_TO_LEAVE = Duration.ofSeconds(5);

    private static final int RADIX = 36;

    private final RedisGuard guard;
    private final RedisBuckets<String> buckets;
    private final CrowdedBuckets crowded;
    private final String node = Long.toString(new SecureRandom().nextLong() >>> 1, RADIX);
    private final AtomicLong requests = new AtomicLong();

    RedisPlaces(RedisGuard guard, RedisBuckets<String> buckets, CrowdedBuckets crowded) {
        this.guard = guard;
        this.buckets = buckets;
        this.crowded = crowded;
    }

    /** Returns what a request wants, under a name of its own if it needs places. */
    Wanted wanted(List<Take> takes, long cost) {
        for (Take take : takes) {
            if (take.inFlight().isPresent()) {
                return new Wanted(cost, newName());
            }
        }
        return Wanted.tokens(cost);
    }

    private String newName() {
        return node + "-" + Long.toString(requests.incrementAndGet(), RADIX);
    }

    CompletionStage<Optional<Permit>> enter(String bucket, InFlightLimit limit) {
        String name = newName();
        return buckets.enter(HashTag.keyInFlight(bucket), limit, name)
                .thenApply(entered ->
                        entered ? Optional.<Permit>of(new RedisPermit(bucket, name)) : Optional.<Permit>empty())
                .whenComplete((permit, failure) -> {
                    if (failure != null) {
                        leave(bucket, name);
                    }
                });
    }

    /** Returns the states of an admitted request with permits of its places, and others as they are. */
    List<BucketState> withPermits(List<Take> takes, Wanted wanted, List<BucketState> states) {
        if (wanted.name().isEmpty() || !states.stream().allMatch(BucketState::admitted)) {
            return states;
        }
        return IntStream.range(0, takes.size())
                .mapToObj(i -> takes.get(i).inFlight().isPresent()
                        ? states.get(i).with(new RedisPermit(takes.get(i).bucket(), wanted.name()))
                        : states.get(i))
                .toList();
    }

    /** Gives all places of a request back. */
    void leave(List<Take> takes, Wanted wanted) {
        takes.stream().filter(take -> take.inFlight().isPresent()).forEach(take -> leave(take.bucket(), wanted.name()));
    }

    private void leave(String bucket, String name) {
        crowded.leaving(bucket);
        guard.callAsync(
                        BUDGET_TO_LEAVE,
                        client -> client.getScoredSortedSet(HashTag.keyInFlight(bucket), StringCodec.INSTANCE)
                                .removeAsync(name))
                .whenComplete((removed, failure) -> crowded.left(bucket));
    }

    /** One place. */
    private final class RedisPermit implements Permit {

        private final String bucket;
        private final String name;
        private final AtomicBoolean released = new AtomicBoolean();

        private RedisPermit(String bucket, String name) {
            this.bucket = bucket;
            this.name = name;
        }

        @Override
        public void release() {
            if (released.compareAndSet(false, true)) {
                leave(bucket, name);
            }
        }
    }
}
