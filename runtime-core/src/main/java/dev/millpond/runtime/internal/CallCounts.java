package dev.millpond.runtime.internal;

import java.util.concurrent.atomic.LongAdder;

/** Counts how calls ended, each once, and those that went together. Thread-safe. */
final class CallCounts {

    private final LongAdder answered = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder rejected = new LongAdder();
    private final LongAdder grouped = new LongAdder();

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

    void grouped(int calls) {
        grouped.add(calls);
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

    long allGrouped() {
        return grouped.sum();
    }
}
