package dev.millpond.runtime.internal;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/** Counts calls, and how many of them were slow, from one probe to the next. Thread-safe. */
final class SlowCalls {

    /** A healthy Redis answers a hundred times as soon. */
    static final Duration SLOW = Duration.ofMillis(100);

    private static final long SLOW_NANOS = SLOW.toNanos();

    private final LongAdder calls = new LongAdder();
    private final LongAdder slow = new LongAdder();

    static boolean isSlow(Duration time) {
        return time.compareTo(SLOW) >= 0;
    }

    void ended(long nanos) {
        calls.increment();
        if (nanos >= SLOW_NANOS) {
            slow.increment();
        }
    }

    void failed() {
        ended(SLOW_NANOS);
    }

    /** Tells whether at least half of the calls were slow, and begins to count anew. */
    boolean drainMostlySlow() {
        long slowOnes = slow.sumThenReset(); // also without calls, so that none is left for the next time
        long all = calls.sumThenReset();
        return all > 0 && 2 * slowOnes >= all;
    }
}
