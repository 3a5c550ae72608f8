package dev.millpond.ratelimit.internal.engine;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.internal.engine.LeaseScript.Reply;
import dev.millpond.ratelimit.internal.engine.LeaseSizes.Wish;
import dev.millpond.ratelimit.internal.engine.TakeCommand.Taken;
import dev.millpond.ratelimit.spi.LimitEngine.BucketState;
import dev.millpond.ratelimit.spi.LimitEngine.Level;
import dev.millpond.ratelimit.spi.LimitEngine.Take;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The tokens that this node has been lent.
 *
 * <p>Redis has charged them, and keeps so many free that they and the bucket never exceed its capacity. This node stops
 * using a lease after three quarters of its time, counted from when it asked; Redis counts from when it was asked. The
 * last quarter is for giving back what was not used: in the next call for the bucket, or at that moment if none comes.
 *
 * <p>Thread-safe. A node that crashes loses what it holds, and nobody else can be lent it until its time is over.
 */
final class Leases implements AutoCloseable {

    /** For how long tokens are lent at most. */
    static final Duration TIME = Duration.ofSeconds(1);

    /** Calls under way at most while everything is given back: fewer than the guard of the client refuses. */
    private static final int AT_ONCE = 256;

    private static final Duration PRECISION = RedisLimitEngine.CLOCK_PRECISION;

    /** Decides in Redis. */
    interface Redis {

        /** Begins a decision, which may be two calls. */
        Deadline newDeadline();

        /** Returns empty if the script cannot decide; nothing has been changed then. */
        CompletionStage<Optional<Reply>> lease(LeaseCall call, Deadline deadline);

        /** Is told that a lease has come back, as far as anybody knows. */
        void returned(String bucket);

        /** Decides without a lease. */
        CompletionStage<Taken> takeAll(Take take, List<Long> costs, Deadline deadline);
    }

    /** Does something later. */
    @FunctionalInterface
    interface Later {
        void run(Duration delay, Runnable action);
    }

    private final Redis redis;
    private final Ticker ticker;
    private final Later later;
    private final AnswerCounts counts;
    private final LeaseSizes sizes;
    private final String node = UUID.randomUUID().toString();
    private final AtomicLong names = new AtomicLong();
    private final ConcurrentHashMap<String, Lease> leases = new ConcurrentHashMap<>();
    private volatile boolean closed;

    Leases(Redis redis, Ticker ticker, Later later, AnswerCounts counts) {
        this.redis = redis;
        this.ticker = ticker;
        this.later = later;
        this.counts = counts;
        this.sizes = new LeaseSizes(ticker);
    }

    /** Takes tokens that this node holds; returns null if it holds too few. */
    @Nullable
    BucketState take(Take take, long cost) {
        Lease lease = of(take);
        BucketState state = lease == null ? null : lease.take(cost);
        if (state != null) {
            counts.takenFromLease(cost);
        }
        return state;
    }

    private @Nullable Lease of(Take take) {
        Lease lease = take.lease() == 0 ? null : leases.get(take.bucket());
        return lease != null && lease.isOf(take.limits()) ? lease : null;
    }

    /** Returns how many tokens of a bucket this node holds. */
    long left(String bucket) {
        Lease lease = leases.get(bucket);
        return lease == null ? 0 : Math.max(0, lease.left());
    }

    /** Returns what a bucket holds, together with what this node holds of it. */
    BucketState with(String bucket, List<RateLimit> limits, BucketState state) {
        long more = left(bucket);
        List<Level> levels = new ArrayList<>();
        for (int i = 0; i < limits.size(); i++) {
            Level level = state.levels().get(i);
            long capacity = limits.get(i).capacity();
            long held = Math.max(level.remaining(), Math.min(capacity, level.remaining() + more));
            levels.add(new Level(held, held < capacity ? level.nanosToNextToken() : 0));
        }
        return new BucketState(state.admitted(), levels, state.nanosToAdmit());
    }

    /** Takes back what was taken here; returns null if that is for Redis to do. */
    @Nullable
    BucketState refund(String bucket, List<RateLimit> limits, long tokens) {
        Lease lease = leases.get(bucket);
        return lease != null && lease.isOf(limits) ? lease.refund(tokens) : null;
    }

    /** Decides several takes on what this node holds if that is enough for all; else in Redis, which may lend more. */
    CompletionStage<Taken> takeAll(Take take, List<Long> costs) {
        Lease lease = of(take);
        Taken taken = lease == null ? null : lease.takeAll(costs);
        if (taken == null) {
            return ask(take, costs);
        }
        counts.takenFromLease(costs);
        return CompletableFuture.completedStage(taken);
    }

    private CompletionStage<Taken> ask(Take take, List<Long> costs) {
        Deadline deadline = redis.newDeadline();
        Shape shape = Shape.of(take.limits());
        Lease old = leases.remove(take.bucket());
        long unused = old == null ? 0 : close(take.bucket(), old);
        Wish wish = shape.exactInScript() ? sizes.next(take, costs) : Wish.NONE;
        if (wish.tokens() == 0 && unused <= 0) {
            return redis.takeAll(take, costs, deadline);
        }
        LeaseCall call = new LeaseCall(
                "take",
                take.bucket(),
                shape,
                old == null ? "" : old.name(),
                old != null && old.isOf(take.limits()) ? Math.max(0, unused) : 0,
                node + " " + names.incrementAndGet(),
                wish,
                TIME,
                costs);
        long sentAt = ticker.read();
        return redis.lease(call, deadline)
                .thenCompose(reply -> reply.isPresent()
                        ? CompletableFuture.completedStage(answered(call, sentAt, reply.get()))
                        : redis.takeAll(take, costs, deadline));
    }

    /**
     * What is lent counts as being in the bucket still, since it comes back: so a denial holds for all that there is.
     */
    private Taken answered(LeaseCall call, long sentAt, Reply reply) {
        counts.redisAnswered(call.costs().size());
        long now = TimeUnit.MICROSECONDS.toNanos(reply.micros());
        Taken taken = new TakeCommand(call.shape(), call.costs(), PRECISION)
                .execute(StoredBytes.entry(reply.before()), now)
                .getData();
        if (reply.tokens() > 0) {
            io.github.bucket4j.BucketState rest =
                    StoredBytes.bucket(reply.after()).getState();
            long nanos = Duration.ofMillis(reply.millis()).toNanos() / 4 * 3;
            Lease lease = new Lease(
                    call.name(),
                    call.shape(),
                    reply.tokens(),
                    new Lease.Level(rest, Refill.roundDown(now, PRECISION), ticker.read()),
                    sentAt + nanos,
                    ticker);
            hold(call.bucket(), lease, Duration.ofNanos(nanos));
        }
        return taken;
    }

    private void hold(String bucket, Lease lease, Duration time) {
        Lease before = leases.put(bucket, lease);
        if (before != null) {
            giveBack(bucket, before);
        }
        if (closed) {
            giveBack(bucket, lease);
        } else {
            later.run(time, () -> giveBack(bucket, lease));
        }
    }

    private CompletionStage<?> giveBack(String bucket, Lease lease) {
        leases.remove(bucket, lease);
        long unused = close(bucket, lease);
        return unused > 0
                ? redis.lease(LeaseCall.giveBack(bucket, lease.shape(), lease.name(), unused), redis.newDeadline())
                        .whenComplete((reply, failure) -> redis.returned(bucket))
                : CompletableFuture.completedStage(null);
    }

    private long close(String bucket, Lease lease) {
        long unused = lease.close();
        if (unused >= 0) {
            sizes.used(bucket, lease.tokens(), lease.tokens() - unused);
        }
        return unused;
    }

    /**
     * Makes a bucket full, but for what other nodes hold of it.
     *
     * @return what it holds then; empty if the script cannot do that
     */
    CompletionStage<Optional<BucketState>> reset(String bucket, List<RateLimit> limits) {
        Lease own = leases.remove(bucket);
        if (own != null) {
            close(bucket, own);
        }
        Shape shape = Shape.of(limits);
        if (!shape.exactInScript()) {
            return CompletableFuture.completedStage(Optional.empty());
        }
        return redis.lease(LeaseCall.reset(bucket, shape, own == null ? "" : own.name()), redis.newDeadline())
                .thenApply(reply -> reply.map(found -> new TakeCommand(shape, List.of(0L), PRECISION)
                        .execute(StoredBytes.entry(found.after()), TimeUnit.MICROSECONDS.toNanos(found.micros()))
                        .getData()
                        .answers()
                        .get(0)));
    }

    /** Forgets all leases, since Redis may have. */
    void drop() {
        leases.values().forEach(Lease::close);
        leases.clear();
    }

    /**
     * Gives everything back; waits until Redis has it, or has given no answer. What a call that is under way is lent
     * comes back after its answer.
     */
    @Override
    public void close() {
        closed = true;
        while (!leases.isEmpty()) {
            giveBackSome();
        }
    }

    private void giveBackSome() {
        CompletableFuture<?>[] some = leases.entrySet().stream()
                .limit(AT_ONCE)
                .map(entry -> giveBack(entry.getKey(), entry.getValue()))
                .map(stage -> stage.toCompletableFuture().handle((reply, failure) -> null))
                .toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(some).join();
    }
}
