package dev.millpond.ratelimit.internal.engine;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.ratelimit.InFlightLimit;
import dev.millpond.ratelimit.Permit;
import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.internal.engine.GiveCommand.Kind;
import dev.millpond.ratelimit.spi.LimitEngine;
import io.github.bucket4j.distributed.remote.MutableBucketEntry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;

/**
 * Keeps the buckets in this process.
 *
 * <p>A bucket is forgotten when it must be full again, and earlier only when there are more than
 * {@link #MAXIMUM_BUCKETS}.
 */
public final class LocalLimitEngine implements LimitEngine {

    /** Buckets kept at most, about 40 MB; beyond, those used least are forgotten, that is, become full. */
    public static final long MAXIMUM_BUCKETS = 100_000;

    private static final Duration CLOCK_PRECISION = Duration.ofNanos(1);

    private final Ticker ticker;
    private final long epochNanos;
    private final LocalBuckets buckets;
    private final LocalPlaces places;

    /**
     * Creates an engine without buckets.
     *
     * @param ticker elapsed time; if it knows the time of day as well, it begins the windows of the clock
     */
    public LocalLimitEngine(Ticker ticker) {
        this.ticker = ticker;
        this.epochNanos = nanosSince1970(ticker) - ticker.read();
        this.buckets = new LocalBuckets(MAXIMUM_BUCKETS, ForkJoinPool.commonPool(), now());
        this.places = new LocalPlaces(ticker, MAXIMUM_BUCKETS);
    }

    /** Asked once, so that no bucket ever sees time jump. */
    private static long nanosSince1970(Ticker ticker) {
        InstantSource clock = ticker instanceof InstantSource both ? both : InstantSource.system();
        return ChronoUnit.NANOS.between(Instant.EPOCH, clock.instant());
    }

    @Override
    public CompletionStage<BucketState> take(String bucket, List<RateLimit> limits, long cost) {
        return CompletableFuture.completedFuture(taken(bucket, limits, cost));
    }

    private BucketState taken(String bucket, List<RateLimit> limits, long cost) {
        return buckets.holding(
                bucket,
                limits,
                now(),
                (tokens, at) -> TakeCommand.take(tokens.shape(), tokens.entry(), cost, at, CLOCK_PRECISION));
    }

    @Override
    public CompletionStage<List<BucketState>> takeAll(List<Take> takes, long cost) {
        Take first = takes.get(0);
        if (takes.size() == 1 && first.inFlight().isEmpty()) {
            return CompletableFuture.completedFuture(List.of(taken(first.bucket(), first.limits(), cost)));
        }
        JointTake joint = new JointTake(takes, List.of(Wanted.tokens(cost)), CLOCK_PRECISION);
        return joint.distinct()
                ? CompletableFuture.completedFuture(
                        buckets.holding(takes, now(), (entries, at) -> decide(joint, takes, entries, at)))
                : LimitEngine.super.takeAll(takes, cost);
    }

    /** Takes the places first: nobody sees them before the buckets are let go of. */
    private List<BucketState> decide(JointTake joint, List<Take> takes, List<MutableBucketEntry> entries, long now) {
        List<Optional<Permit>> permits = takes.stream()
                .map(take -> take.inFlight().flatMap(limit -> places.enter(take.bucket(), limit)))
                .toList();
        List<BucketState> states = joint.decide(entries, othersInFlight(takes, permits), now).stream()
                .map(taken -> taken.answers().get(0))
                .toList();
        if (states.stream().allMatch(BucketState::admitted)) {
            return IntStream.range(0, states.size())
                    .mapToObj(i -> permits.get(i).map(states.get(i)::with).orElse(states.get(i)))
                    .toList();
        }
        permits.forEach(place -> place.ifPresent(Permit::release));
        return states;
    }

    /**
     * Returns for each bucket that limits them how many others are in flight, as far as matters: whether all places.
     */
    private static List<Long> othersInFlight(List<Take> takes, List<Optional<Permit>> permits) {
        return IntStream.range(0, takes.size())
                .boxed()
                .flatMap(i -> takes.get(i).inFlight().stream()
                        .map(limit -> (long) (permits.get(i).isPresent() ? limit.most() - 1 : limit.most())))
                .toList();
    }

    @Override
    public boolean knownToDeny(List<Take> takes, long cost) {
        for (Take take : takes) {
            if (taken(take.bucket(), take.limits(), 0).remaining() < cost || allPlacesTaken(take)) {
                return true;
            }
        }
        return false;
    }

    private boolean allPlacesTaken(Take take) {
        return take.inFlight().isPresent()
                && places.allTaken(take.bucket(), take.inFlight().get());
    }

    @Override
    public CompletionStage<Optional<Permit>> enter(String bucket, InFlightLimit limit) {
        return CompletableFuture.completedFuture(places.enter(bucket, limit));
    }

    @Override
    public CompletionStage<BucketState> refund(String bucket, List<RateLimit> limits, long tokens) {
        return give(Kind.REFUND, bucket, limits, tokens);
    }

    @Override
    public CompletionStage<BucketState> grant(String bucket, List<RateLimit> limits, long tokens) {
        return give(Kind.GRANT, bucket, limits, tokens);
    }

    private CompletionStage<BucketState> give(Kind kind, String bucket, List<RateLimit> limits, long tokens) {
        return CompletableFuture.completedFuture(buckets.holding(
                bucket,
                limits,
                now(),
                (held, at) -> new GiveCommand(kind, held.shape(), tokens, CLOCK_PRECISION).decide(held.entry(), at)));
    }

    @Override
    public CompletionStage<BucketState> reset(String bucket, List<RateLimit> limits) {
        buckets.forget(bucket);
        return peek(bucket, limits);
    }

    private long now() {
        return epochNanos + ticker.read();
    }

    /** Returns about how many buckets there are that need not be full. */
    public long size() {
        return buckets.size(now());
    }

    @Override
    public void close() {
        buckets.forgetAll();
        places.forgetAll();
    }
}
