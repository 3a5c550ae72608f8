package dev.millpond.ratelimit;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.stream.Stream;

/**
 * How many bytes a decision allocates on the thread of its caller, which unlike its time is the same on every machine.
 *
 * <p>Tests run on the first compiler alone, which makes every object that is written down; the second one leaves a
 * third of them out.
 */
final class AllocatedBytes {

    private static final int DECISIONS = 10_000;

    /** Something else, such as the compiler, may disturb one round, but not all. */
    private static final int ROUNDS = 10;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private AllocatedBytes() {}

    /** Returns the bytes of one decision, in the best of several rounds. */
    static long perDecision(RateLimiter limiter, RateLimitRequest request) {
        return Stream.generate(() -> ofOneRound(limiter, request))
                        .limit(ROUNDS)
                        .mapToLong(bytes -> bytes)
                        .min()
                        .orElseThrow()
                / DECISIONS;
    }

    private static long ofOneRound(RateLimiter limiter, RateLimitRequest request) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < DECISIONS; i++) {
            limiter.tryAcquire(request);
        }
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }
}
