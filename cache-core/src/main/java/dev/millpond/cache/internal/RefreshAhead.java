package dev.millpond.cache.internal;

import dev.millpond.cache.internal.Bulkhead.Permit;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;

/**
 * Loads entries anew before they expire, beside the reads that they answer; thread-safe.
 *
 * <p>One load per key in the fleet: in this process it leads the flight of the key, and in Redis it claims the entry,
 * which goes on answering. One that finds no permit is left out; a later read tries again.
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

    RefreshAhead(KeyRead<K, V> read, Loader<? super K, ? extends V> loader) {
        this.read = read;
        this.parts = read.parts();
        this.loader = loader;
        this.most = parts.settings().loading().maximumConcurrentLoads();
    }

    /** Begins to load a key anew, unless that is under way, or as many loads are as there may be. */
    void begin(K key) {
        if (begun.size() < most && begun.add(key)) {
            try {
                parts.registry().executor().execute(() -> run(key));
            } catch (RejectedExecutionException e) {
                begun.remove(key);
            }
        }
    }

    /** Asks for the permit only now: reads that wait for one may have all threads that would give it back. */
    private void run(K key) {
        try (Permit permit = parts.bulkhead().tryEnter()) {
            if (permit != null) {
                run(key, permit);
            }
        } finally {
            begun.remove(key);
        }
    }

    private void run(K key, Permit permit) {
        Request<K> request = parts.requestOf(key);
        boolean hasFailed = parts.failures().recent(request, true) != null;
        Flight<V> flight = hasFailed ? null : parts.flights().tryLead(request);
        if (flight != null) {
            parts.flights().takeOver(key, flight, () -> refresh(request, permit));
        }
    }

    private Answer<V> refresh(Request<K> request, Permit permit) {
        Found<V> found = parts.remote().lookup(request);
        if (isLeftToOthers(request, found)) {
            return read.answer(request, found);
        }
        Found<V> lease = parts.remote().lease(request, found.asReplaceable());
        if (lease.isAnswer()) {
            return read.answer(request, lease);
        }
        parts.stats().refreshedAhead();
        return read.load(request, lease, () -> parts.load(request, permit, loader));
    }

    /** Another node may have loaded it since, or be about to. */
    private boolean isLeftToOthers(Request<K> request, Found<V> found) {
        if (!found.isHit()) {
            return false;
        }
        Lifetime theirs = found.require().lifetime();
        Entry<V> held = parts.local().held(request.key());
        return parts.remote().isRefreshedElsewhere(found)
                || (held != null && theirs.createdAtMillis() > held.lifetime().createdAtMillis())
                || !parts.early()
                        .isNear(theirs.freshUntil() - parts.registry().ticker().read());
    }
}
