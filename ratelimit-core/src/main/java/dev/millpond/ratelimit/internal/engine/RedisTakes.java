package dev.millpond.ratelimit.internal.engine;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.ratelimit.InFlightLimit;
import dev.millpond.ratelimit.Permit;
import dev.millpond.ratelimit.internal.engine.TakeCommand.Taken;
import dev.millpond.ratelimit.spi.LimitEngine.BucketState;
import dev.millpond.ratelimit.spi.LimitEngine.Take;
import dev.millpond.runtime.spi.RedisGuard;
import dev.millpond.runtime.spi.RedisUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The way of a decision to Redis: what a bucket is known to deny is denied here; who wants the same buckets queues;
 * what is wanted of several buckets is asked in one call if that can be, else of one after the other.
 */
final class RedisTakes implements AutoCloseable {

    /** Decides about one bucket after the other. */
    @FunctionalInterface
    interface InTurn {
        CompletionStage<List<BucketState>> takeAll(List<Take> takes, long cost);
    }

    private final RedisGuard guard;
    private final RedisBuckets<String> buckets;
    private final KnownDenials known;
    private final AnswerCounts counts;
    private final InTurn inTurn;
    private final RedisPlaces places;
    private final TakeTimer timer;
    private final Leases leases;
    private final TakeQueue queue;

    /**
     * Creates the way.
     *
     * @param budget how long a decision may take
     * @param later gives leases back in time; null for a thread of its own
     */
    RedisTakes(
            RedisGuard guard,
            RedisBuckets<String> buckets,
            KnownDenials known,
            Duration budget,
            Ticker ticker,
            Leases.@Nullable Later later,
            InTurn inTurn) {
        this.guard = guard;
        this.buckets = buckets;
        this.known = known;
        this.counts = known.counts();
        this.inTurn = inTurn;
        this.places = new RedisPlaces(guard, buckets, known.crowded());
        this.timer = new TakeTimer(budget);
        this.leases = new Leases(new LendingRedis(), ticker, later == null ? timer::run : later, counts);
        this.queue = new TakeQueue(new SparingBackend(this::ask, known), timer, places::leave);
    }

    Leases leases() {
        return leases;
    }

    CompletionStage<List<BucketState>> takeAll(List<Take> takes, long cost) {
        List<BucketState> here = takeHere(takes, cost);
        return here != null ? CompletableFuture.completedFuture(here) : takeInRedis(takes, cost);
    }

    /** Returns the answer of a lease, or that which Redis would give for certain; null if only Redis knows. */
    private @Nullable List<BucketState> takeHere(List<Take> takes, long cost) {
        BucketState held = mayHaveLease(takes) ? takeHeld(takes.get(0), cost) : null;
        return held != null ? List.of(held) : known.of(takes, cost);
    }

    private CompletionStage<List<BucketState>> takeInRedis(List<Take> takes, long cost) {
        CompletionStage<List<BucketState>> asked = wantsTokensOfOne(takes)
                ? queue.take(List.copyOf(takes), Wanted.tokens(cost))
                : takeJointly(takes, cost);
        return asked.exceptionallyCompose(failure -> {
            counts.redisFailed();
            return CompletableFuture.failedStage(
                    guard.available() ? failure : new RedisUnavailableException("Redis is away.", failure));
        });
    }

    /** Tells whether the tokens of one bucket are all that is wanted. */
    private static boolean wantsTokensOfOne(List<Take> takes) {
        return takes.size() == 1 && takes.get(0).inFlight().isEmpty();
    }

    private CompletionStage<List<BucketState>> takeJointly(List<Take> takes, long cost) {
        Deadline deadline = buckets.newDeadline();
        return takeTogether(List.copyOf(takes), cost)
                .exceptionallyCompose(failure -> keptApart(failure)
                        ? takeInTurn(takes, cost, deadline)
                        : CompletableFuture.failedStage(failure));
    }

    private static boolean mayHaveLease(List<Take> takes) {
        return wantsTokensOfOne(takes) && takes.get(0).lease() > 0;
    }

    /** What this node holds comes back with the next call, so a denial says nothing if that may be what was missing. */
    private @Nullable BucketState takeHeld(Take take, long cost) {
        BucketState state = leases.take(take, cost);
        long left = leases.left(take.bucket());
        if (state == null && left > 0 && !known.exhausted().knownToLack(List.of(take), Math.max(0, cost - left))) {
            known.exhausted().forget(take.bucket());
        }
        return state;
    }

    boolean knownToDeny(List<Take> takes, long cost) {
        boolean held = mayHaveLease(takes) && leases.left(takes.get(0).bucket()) > 0;
        return !held && known.contain(takes, cost);
    }

    private CompletionStage<List<BucketState>> takeTogether(List<Take> takes, long cost) {
        Wanted wanted = places.wanted(takes, cost);
        return queue.take(takes, wanted)
                .thenApply(states -> places.withPermits(takes, wanted, states))
                .whenComplete((states, failure) -> {
                    if (failure != null && !keptApart(failure)) {
                        places.leave(takes, wanted);
                    }
                });
    }

    private static boolean keptApart(Throwable failure) {
        return Failures.cause(failure) instanceof KeptApartException;
    }

    private CompletionStage<List<BucketState>> takeInTurn(List<Take> takes, long cost, Deadline deadline) {
        CompletableFuture<List<BucketState>> answer = new CompletableFuture<>();
        timer.limit(answer, deadline.left(), TimeoutException::new);
        CrowdedBuckets.Question places = known.crowded().ask(takes);
        inTurn.takeAll(takes, cost).whenComplete((states, failure) -> {
            if (failure != null) {
                answer.completeExceptionally(failure);
                return;
            }
            places.answered(states);
            if (!answer.complete(states)) {
                states.forEach(state -> state.permit().ifPresent(Permit::release));
            }
        });
        return answer;
    }

    private CompletionStage<List<Taken>> ask(List<Take> takes, List<Wanted> wanted) {
        if (!wantsTokensOfOne(takes)) {
            return buckets.takeJointly(new JointTake(takes, wanted, RedisLimitEngine.CLOCK_PRECISION))
                    .thenCompose(taken -> taken.map(answers -> counted(answers, wanted.size()))
                            .map(CompletableFuture::completedStage)
                            .orElseGet(() -> CompletableFuture.failedStage(new KeptApartException())));
        }
        Take first = takes.get(0);
        List<Long> costs = new ArrayList<>(wanted.size());
        wanted.forEach(request -> costs.add(request.cost()));
        return (mayHaveLease(takes) ? leases.takeAll(first, costs) : ask(first, costs, buckets.newDeadline()))
                .thenApply(List::of);
    }

    private CompletionStage<Taken> ask(Take take, List<Long> costs, Deadline deadline) {
        return buckets.run(
                        take.bucket(),
                        new TakeCommand(Shape.of(take.limits()), costs, RedisLimitEngine.CLOCK_PRECISION),
                        deadline)
                .thenApply(taken -> counted(taken, costs.size()));
    }

    private <T> T counted(T answer, int requests) {
        counts.redisAnswered(requests);
        return answer;
    }

    CompletionStage<Optional<Permit>> enter(String bucket, InFlightLimit limit) {
        return places.enter(bucket, limit);
    }

    @Override
    public void close() {
        leases.close();
        queue.close();
    }

    /** The way to Redis that leases go. */
    private final class LendingRedis implements Leases.Redis {

        @Override
        public Deadline newDeadline() {
            return buckets.newDeadline();
        }

        @Override
        public CompletionStage<Optional<LeaseScript.Reply>> lease(LeaseCall call, Deadline deadline) {
            return buckets.lease(call, deadline);
        }

        @Override
        public void returned(String bucket) {
            known.exhausted().forget(bucket);
        }

        @Override
        public CompletionStage<Taken> takeAll(Take take, List<Long> costs, Deadline deadline) {
            return ask(take, costs, deadline);
        }
    }
}
