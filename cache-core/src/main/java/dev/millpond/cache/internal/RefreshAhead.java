package dev.millpond.cache.internal;

import dev.millpond.cache.internal.Bulkhead.Permit;
import dev.millpond.runtime.spi.OccasionalLog;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.LoggerFactory;

/**
 * Loads entries anew before they expire, beside the reads that they answer; thread-safe.
 *
 * <p>One load per key in the fleet: in this process it leads the flight of the key, and in Redis it claims the entry,
 * which goes on answering; a read waits for the load when that is no answer any more. One that finds no permit is left
 * out; a later read tries again.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
final class RefreshAhead<K, V> {

    private final KeyRead<K, V> read;
    private final CacheParts<K, V> parts;
    private final Loader<? super K, ? extends V> loader;
    private final int most;
    private final Set<K> begun = ConcurrentHashMap.newKeySet();
    private final OccasionalLog log;

    RefreshAhead(KeyRead<K, V> read, Loader<? super K, ? extends V> loader) {
        this.read = read;
        this.parts = read.parts();
        this.loader = loader;
        this.most = parts.settings().loading().maximumConcurrentLoads();
        this.log = new OccasionalLog(
                LoggerFactory.getLogger(RefreshAhead.class), parts.registry().ticker());
    }

    /**
     * Begins to load a key anew, unless that is under way or has just failed, or as many loads are as there may be.
     *
     * @param seen what the key has, which is to be replaced
     */
    void begin(K key, Entry<V> seen) {
        if (begun.size() < most && begun.add(key) && !isGivenAway(key, seen)) {
            begun.remove(key);
        }
    }

    /** The read has its answer, whatever the executor of the application does. */
    private boolean isGivenAway(K key, Entry<V> seen) {
        try {
            boolean hasFailed = parts.failures().isRecent(parts.requestOf(key));
            if (!hasFailed) {
                parts.registry().executor().execute(() -> run(key, seen));
            }
            return !hasFailed;
        } catch (RuntimeException | Error e) { // there may be no more threads
            warnUnlessRejected(e);
            return false;
        }
    }

    private void warnUnlessRejected(Throwable failure) {
        if (!(failure instanceof RejectedExecutionException)) {
            log.warn(
                    "Cache '{}' could not load an entry anew before its end, since the executor of its registry failed"
                            + " with {}. A later read tries again.",
                    parts.settings().name(),
                    failure.toString());
        }
    }

    /** Asks for the permit only now: reads that wait for one may have all threads that would give it back. */
    private void run(K key, Entry<V> seen) {
        try (Permit permit = parts.bulkhead().tryEnter()) {
            Request<K> request = parts.requestOf(key);
            if (permit != null && isStillNeeded(request, seen)) {
                run(request, seen, permit);
            }
        } finally {
            begun.remove(key);
        }
    }

    /** A reader may have loaded it since. */
    private boolean isStillNeeded(Request<K> request, Entry<V> seen) {
        Entry<V> held = parts.local().held(request.key());
        boolean isReplaced =
                held != null && isNewer(held, seen) && parts.registry().table().valid(held);
        return !isReplaced && !parts.failures().isRecent(request);
    }

    private static boolean isNewer(Entry<?> entry, Entry<?> seen) {
        return entry.lifetime().createdAtMillis() > seen.lifetime().createdAtMillis();
    }

    /** Whoever loads it in another node is not waited for, with a permit that others could use. */
    private void run(Request<K> request, Entry<V> seen, Permit permit) {
        Found<V> found = parts.remote().lookup(request);
        Flight<V> flight = found.isLeasedElsewhere() ? null : parts.flights().tryLeadAhead(request);
        if (flight != null) {
            parts.flights().takeOver(request.key(), flight, () -> refresh(request, found, seen, permit));
        }
    }

    private Answer<V> refresh(Request<K> request, Found<V> found, Entry<V> seen, Permit permit) {
        if (found.isHit() && isLeftToOthers(found, seen)) {
            return read.answer(request, found);
        }
        Found<V> lease = parts.remote().lease(request, found.asReplaceable());
        if (lease.isAnswer()) {
            return read.answer(request, lease);
        }
        parts.stats().refreshedAhead();
        return read.load(request, lease, replacing -> parts.load(replacing, permit, loader));
    }

    /** Another node may have loaded it since, or be about to. */
    private boolean isLeftToOthers(Found<V> hit, Entry<V> seen) {
        long left = hit.require().lifetime().freshUntil()
                - parts.registry().ticker().read();
        return parts.remote().isRefreshedElsewhere(hit)
                || isNewer(hit.require(), seen)
                || !parts.early().isNear(left);
    }
}
