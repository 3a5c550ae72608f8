package dev.millpond.runtime.internal;

import java.util.concurrent.atomic.LongAdder;

/** Counts how calls ended, each once. Thread-safe. */
final class CallCounts {

    private final LongAdder answered = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder rejected = new LongAdder();

    void answered() {
        answered.increment();
    }

    void failed() {
        failed.increment();
    }

    void refused() {
        refused.increment();
    }

    void rejected() {
        rejected.increment();
    }

    long allAnswered() {
        return answered.sum();
    }

    long allFailed() {
        return failed.sum();
    }

    long allRefused() {
        return refused.sum();
    }

    long allRejected() {
        return rejected.sum();
    }
}
