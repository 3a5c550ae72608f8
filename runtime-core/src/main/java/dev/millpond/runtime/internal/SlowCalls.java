package dev.millpond.runtime.internal;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/** Counts calls, and how many of them were slow or failed. Thread-safe. */
final class SlowCalls {

    /** How calls were. */
    enum Pace {
        /** There were none. */
        UNKNOWN,
        /** Most were quick. */
        QUICK,
        /** At least half of them were slow or failed. */
        SLOW
    }

    /** A healthy Redis answers a hundred times as soon. */
    static final Duration SLOW = Duration.ofMillis(100);

    private static final long SLOW_NANOS = SLOW.toNanos();

    private final LongAdder calls = new LongAdder();
    private final LongAdder slow = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private long callsBefore;
    private long badBefore;

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
        calls.increment();
        failed.increment();
    }

    /** Returns how many calls so far were slow, without those that failed. */
    long all() {
        return slow.sum();
    }

    /** Tells how most calls since the last time were; for one thread only. */
    Pace paceSinceLastTime() {
        long bad = slow.sum() + failed.sum();
        long all = calls.sum(); // read last, so that no call is bad and not among all
        long badNow = bad - badBefore;
        long allNow = all - callsBefore;
        badBefore = bad;
        callsBefore = all;
        if (allNow == 0) {
            return Pace.UNKNOWN;
        }
        return 2 * badNow >= allNow ? Pace.SLOW : Pace.QUICK;
    }
}
