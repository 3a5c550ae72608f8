package dev.millpond.cache.internal;

import dev.millpond.cache.CacheResult.Source;
import dev.millpond.cache.CacheStats;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/** Counts what happens to one cache on this node; thread-safe. */
final class StatsCounter {

    private final LongAdder localHits = new LongAdder();
    private final LongAdder remoteHits = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final LongAdder loads = new LongAdder();
    private final LongAdder loadFailures = new LongAdder();
    private final LongAdder slowLoads = new LongAdder();
    private final LongAdder refusedLoads = new LongAdder();
    private final LongAdder refreshesAhead = new LongAdder();
    private final LongAdder notModified = new LongAdder();
    private final LongAdder puts = new LongAdder();
    private final LongAdder loadNanos = new LongAdder();
    private final LongAdder staleServed = new LongAdder();
    private final LongAdder joined = new LongAdder();
    private final LongAdder evictions = new LongAdder();
    private final LongAdder invalidations = new LongAdder();
    private final LongAdder invalidatedEntries = new LongAdder();
    private final LongAdder rejectedStores = new LongAdder();
    private final LongAdder unstorable = new LongAdder();
    private final LongAdder unreadable = new LongAdder();
    private final LongAdder bytesRead = new LongAdder();
    private final LongAdder bytesWritten = new LongAdder();

    void answered(Answer<?> answer) {
        if (answer.joined()) {
            joined.increment();
        }
        if (answer.source() == Source.LOCAL) {
            localHits.increment();
        } else if (answer.source() == Source.REMOTE) {
            remoteHits.increment();
        } else {
            misses.increment();
        }
        if (answer.source() == Source.STALE) {
            staleServed.increment();
        }
    }

    void missed() {
        misses.increment();
    }

    void loaded(long nanos) {
        loads.increment();
        loadNanos.add(nanos);
    }

    void loadFailed(long nanos) {
        loadFailures.increment();
        loadNanos.add(nanos);
    }

    void slowLoad() {
        slowLoads.increment();
    }

    void loadRefused() {
        refusedLoads.increment();
    }

    void refreshedAhead() {
        refreshesAhead.increment();
    }

    void notModified(long values) {
        notModified.add(values);
    }

    void put() {
        puts.increment();
    }

    void put(int values) {
        puts.add(values);
    }

    void evicted() {
        evictions.increment();
    }

    void invalidated() {
        invalidations.increment();
    }

    void foundInvalidated() {
        invalidatedEntries.increment();
    }

    void storeRejected() {
        rejectedStores.increment();
    }

    void unstorable() {
        unstorable.increment();
    }

    void unreadable() {
        unreadable.increment();
    }

    void read(int bytes) {
        bytesRead.add(bytes);
    }

    void written(int bytes) {
        bytesWritten.add(bytes);
    }

    CacheStats snapshot() {
        return new CacheStats(
                localHits.sum(),
                remoteHits.sum(),
                misses.sum(),
                loads.sum(),
                loadFailures.sum(),
                slowLoads.sum(),
                refusedLoads.sum(),
                refreshesAhead.sum(),
                notModified.sum(),
                puts.sum(),
                Duration.ofNanos(loadNanos.sum()),
                staleServed.sum(),
                joined.sum(),
                evictions.sum(),
                invalidations.sum(),
                invalidatedEntries.sum(),
                rejectedStores.sum(),
                unstorable.sum(),
                unreadable.sum(),
                bytesRead.sum(),
                bytesWritten.sum());
    }
}
