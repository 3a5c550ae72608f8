package dev.millpond.ratelimit.internal.engine;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.internal.engine.TakeCommand.Taken;
import dev.millpond.ratelimit.spi.LimitEngine.BucketState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Tokens of one bucket that this node decides on by itself until they are used or their time is over.
 *
 * <p>Thread-safe. The time is read again after tokens were taken: so what is admitted was taken in time, however long a
 * thread stands still in between.
 */
final class Lease {

    private static final Duration PRECISION = RedisLimitEngine.CLOCK_PRECISION;
    private static final long CLOSED = -1;

    private final String name;
    private final Shape shape;
    private final long tokens;
    private final Level level;
    private final long until;
    private final Ticker ticker;
    private final AtomicLong left;

    /**
     * Creates a lease.
     *
     * @param name known to Redis
     * @param tokens that were lent
     * @param level what the bucket held besides
     * @param until when its time is over, in elapsed nanoseconds of this node
     */
    Lease(String name, Shape shape, long tokens, Level level, long until, Ticker ticker) {
        this.name = name;
        this.shape = shape;
        this.tokens = tokens;
        this.level = level;
        this.until = until;
        this.ticker = ticker;
        this.left = new AtomicLong(tokens);
    }

    String name() {
        return name;
    }

    Shape shape() {
        return shape;
    }

    long tokens() {
        return tokens;
    }

    boolean isOf(List<RateLimit> others) {
        return shape.limits().equals(others);
    }

    /** Returns what is left; negative if it is closed. */
    long left() {
        return left.get();
    }

    /** Takes tokens; returns null if there are too few or the time is over. */
    @Nullable
    BucketState take(long cost) {
        long before = withdraw(cost);
        return before < 0 ? null : state(before - cost, ticker.read());
    }

    /** Takes tokens for all in order; returns null if there are too few or the time is over. */
    @Nullable
    Taken takeAll(List<Long> costs) {
        long rest = withdraw(costs.stream().reduce(0L, Lease::sum));
        if (rest < 0) {
            return null;
        }
        List<BucketState> answers = new ArrayList<>(costs.size());
        for (long cost : costs) {
            rest -= cost;
            answers.add(state(rest, ticker.read()));
        }
        return new Taken(answers, level.held, level.at);
    }

    private static long sum(long one, long other) {
        return one > Long.MAX_VALUE - other ? Long.MAX_VALUE : one + other;
    }

    /** Returns what was there before; negative if nothing was taken that counts. */
    private long withdraw(long amount) {
        if (isOver(ticker.read())) {
            return CLOSED;
        }
        long before = left.getAndUpdate(present -> present >= amount ? present - amount : present);
        return before >= amount && !isOver(ticker.read()) ? before : CLOSED;
    }

    private boolean isOver(long now) {
        return now - until >= 0;
    }

    /** Takes tokens back that were taken; returns null if they do not belong here. */
    @Nullable
    BucketState refund(long amount) {
        long before = left.getAndUpdate(present -> hasRoom(present, amount) ? present + amount : present);
        return hasRoom(before, amount) ? state(before + amount, ticker.read()) : null;
    }

    private boolean hasRoom(long present, long amount) {
        return present >= 0 && amount <= tokens - present;
    }

    /** Ends the lease; returns what was not used, or a negative number if somebody else has ended it. */
    long close() {
        return left.getAndSet(CLOSED);
    }

    /** Others may have used the bucket meanwhile: this is what it holds as far as this node knows. */
    private BucketState state(long rest, long now) {
        long then = Refill.roundDown(level.at + now - level.answeredAt, PRECISION);
        io.github.bucket4j.BucketState held = level.held.copy();
        held.refillAllBandwidth(then);
        held.addTokens(rest);
        return Refill.stateOf(shape.limits(), held, 0, true, then, PRECISION);
    }

    /**
     * What a bucket held.
     *
     * @param at when, in nanoseconds of the bucket's clock
     * @param answeredAt when this node was told, in its elapsed nanoseconds
     */
    record Level(io.github.bucket4j.BucketState held, long at, long answeredAt) {}
}
