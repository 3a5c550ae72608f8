package dev.millpond.cache.internal;

import java.util.concurrent.atomic.LongAdder;

/** Counts what became of the keys of one warm-up; thread-safe. */
final class WarmCounts {

    final LongAdder loaded = new LongAdder();
    final LongAdder skipped = new LongAdder();
    final LongAdder failed = new LongAdder();

    void add(WarmBatch.Result result, int keys) {
        loaded.add(result.loaded());
        failed.add(result.failed());
        skipped.add(keys - result.loaded() - result.failed());
    }

    long done() {
        return loaded.sum() + skipped.sum() + failed.sum();
    }
}
