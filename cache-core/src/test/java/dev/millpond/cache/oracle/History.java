package dev.millpond.cache.oracle;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLongArray;

/** When the invalidations of one subject were complete, on which node and for all; thread-safe. */
final class History {

    /** The newest complete version by the time, in nanoseconds, from which on it was complete. */
    private final ConcurrentSkipListMap<Long, Long> completed = new ConcurrentSkipListMap<>();

    private final AtomicLongArray own;

    History(int nodes) {
        this.own = new AtomicLongArray(nodes);
    }

    /** Records that the invalidation of a version is complete for all nodes. */
    synchronized void completed(long version) {
        // Read under the lock: times must be in the order of the entries, or a version would seem complete too early.
        long now = System.nanoTime();
        completed.put(now, Math.max(version, newestBefore(now)));
    }

    /** Records that the invalidation of a version has returned on a node. */
    void returned(int node, long version) {
        own.accumulateAndGet(node, version, Math::max);
    }

    /** Returns the newest version whose invalidation was complete at a time; 0 if none was. */
    long newestBefore(long nanoTime) {
        Map.Entry<Long, Long> last = completed.floorEntry(nanoTime);
        return last == null ? 0 : last.getValue();
    }

    /** Returns the newest version whose invalidation has returned on a node; 0 if none has. */
    long newestOf(int node) {
        return own.get(node);
    }

    /** Returns since when a version has been outdated, or the time given if it was not before that. */
    long outdatedSince(long version, long nanoTime) {
        long since = nanoTime;
        for (Map.Entry<Long, Long> each :
                completed.headMap(nanoTime, true).descendingMap().entrySet()) {
            if (each.getValue() <= version) {
                break;
            }
            since = each.getKey();
        }
        return since;
    }
}
