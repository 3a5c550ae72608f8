package dev.millpond.cache.internal;

import dev.millpond.cache.internal.Bulkhead.Permit;
import dev.millpond.cache.internal.SingleFlight.Flight;
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

    private final TieredCache<K, V> cache;
    private final CacheParts<K, V> parts;
    private final Loader<? super K, ? extends V> loader;
    private final Set<K> begun = ConcurrentHashMap.newKeySet();

    RefreshAhead(TieredCache<K, V> cache, Loader<? super K, ? extends V> loader) {
        this.cache = cache;
        this.parts = cache.parts;
        this.loader = loader;
    }

    /** Begins to load a key anew, unless that is under way, has just failed, or too many loads are. */
    void begin(K key) {
        if (begun.add(key)) {
            Permit permit = parts.bulkhead().tryEnter();
            if (permit == null) {
                begun.remove(key);
            } else {
                execute(key, permit);
            }
        }
    }

    private void execute(K key, Permit permit) {
        try {
            parts.registry().executor().execute(() -> run(key, permit));
        } catch (RejectedExecutionException e) {
            begun.remove(key);
            permit.close();
        }
    }

    private void run(K key, Permit permit) {
        try (permit) {
            Request<K> request = parts.requestOf(key);
            boolean hasFailed = parts.failures().recent(request, true) != null;
            Flight<V> flight = hasFailed ? null : parts.flights().tryLead(request);
            if (flight != null) {
                parts.flights().takeOver(key, flight, () -> refresh(request, permit));
            }
        } finally {
            begun.remove(key);
        }
    }

    private Answer<V> refresh(Request<K> request, Permit permit) {
        Found<V> found = cache.remote.lookup(request);
        if (isLeftToOthers(request, found)) {
            return cache.answer(request, found);
        }
        Found<V> lease = cache.remote.lease(request, found.asReplaceable());
        if (lease.isAnswer()) {
            return cache.answer(request, lease);
        }
        parts.stats().refreshedAhead();
        return cache.load(request, lease, () -> parts.load(request, permit, loader));
    }

    /** Another node may have loaded it since, or be about to. */
    private boolean isLeftToOthers(Request<K> request, Found<V> found) {
        if (!found.isHit()) {
            return false;
        }
        Lifetime theirs = found.require().lifetime();
        Entry<V> held = cache.local.held(request.key());
        return cache.remote.isRefreshedElsewhere(found)
                || (held != null && theirs.createdAtMillis() > held.lifetime().createdAtMillis())
                || !parts.early()
                        .isNear(theirs.freshUntil() - parts.registry().ticker().read());
    }
}
