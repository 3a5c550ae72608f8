package dev.millpond.ratelimit.internal.engine;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.ratelimit.RateLimitStats;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;

/** Counts who answered what was asked of buckets in Redis; thread-safe. */
final class AnswerCounts {

    private final LongAdder redisAnswers = new LongAdder();
    private final LongAdder redisCalls = new LongAdder();
    private final LongAdder leaseAnswers = new LongAdder();
    private final LongAdder leaseTokens = new LongAdder();
    private final LongAdder memoryAnswers = new LongAdder();
    private final RecentMaximum largestCall;
    private final DegradedTime degraded;

    /**
     * Creates counts of nothing.
     *
     * @param available whether Redis seems to be there
     */
    AnswerCounts(Ticker ticker, BooleanSupplier available) {
        this.largestCall = new RecentMaximum(ticker);
        this.degraded = new DegradedTime(ticker, available);
    }

    /** Counts a call in which Redis gave so many answers. */
    void redisAnswered(int answers) {
        redisCalls.increment();
        redisAnswers.add(answers);
        largestCall.add(answers);
        degraded.answered();
    }

    /** Notes that Redis gave no answer. */
    void redisFailed() {
        degraded.failed();
    }

    /** Notes that Redis is back after it was away. */
    void redisIsBack() {
        degraded.back();
    }

    void takenFromLease(long tokens) {
        leaseAnswers.increment();
        leaseTokens.add(tokens);
    }

    void takenFromLease(List<Long> costs) {
        costs.forEach(this::takenFromLease);
    }

    void deniedFromMemory() {
        memoryAnswers.increment();
    }

    RateLimitStats stats() {
        return new RateLimitStats(
                redisAnswers.sum(),
                redisCalls.sum(),
                largestCall.value(),
                leaseAnswers.sum(),
                leaseTokens.sum(),
                memoryAnswers.sum(),
                degraded.total());
    }
}
