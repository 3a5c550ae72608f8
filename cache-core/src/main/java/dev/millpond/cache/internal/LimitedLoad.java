package dev.millpond.cache.internal;

import dev.millpond.cache.CacheLoadException;
import dev.millpond.cache.CacheResult.Source;
import dev.millpond.cache.LoadContext;
import dev.millpond.cache.internal.Bulkhead.Permit;
import dev.millpond.cache.internal.SingleFlight.Flight;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One load on a thread of its own, for which its callers wait no longer than they may.
 *
 * @param found what Redis had for the key
 * @param flight whom the load is for; it lands when that ends, or when it has taken too long
 * @param <K> the type of keys
 * @param <V> the type of values
 */
record LimitedLoad<K, V>(
        TieredCache<K, V> cache,
        Request<K> request,
        Found<V> found,
        Flight<V> flight,
        Loader<? super K, ? extends V> loader) {

    /**
     * Begins the load and returns its answer, or a stale one if it takes too long or fails.
     *
     * @param stale what may answer meanwhile, if there is anything
     */
    Answer<V> run(Permit permit, @Nullable Entry<V> stale) {
        if (stale != null) {
            cache.local.fillStale(request.key(), stale);
        }

        flight.handOver();
        var unused = parts().limits()
                .begin(
                        permit,
                        () -> parts().flights().takeOver(request.key(), flight, this::leaseAndLoad),
                        this::giveUp);
        try {
            return await(stale != null);
        } catch (CacheLoadException e) {
            return cache.staleOr(request, found, e);
        }
    }

    private CacheParts<K, V> parts() {
        return cache.parts;
    }

    private Answer<V> leaseAndLoad() {
        return cache.leaseAndLoad(request, found, () -> parts().loads().load(request, this::loadInTime));
    }

    /** What an interrupted loader returns may be anything. */
    private @Nullable V loadInTime(K key, LoadContext context) throws Exception {
        V value = loader.load(key, context);
        if (flight.isDone()) {
            parts().stats().storeRejected();
            throw new InterruptedException("The load ended after its hardTimeout.");
        }
        return value;
    }

    private void giveUp(CacheLoadException tooLate) {
        parts().failures().add(List.of(request), request.stamp(), List.of(), tooLate);
        parts().flights().fail(request.key(), flight, tooLate);
    }

    private Answer<V> await(boolean isStaleThere) {
        SingleFlight<K, V> flights = parts().flights();
        Answer<V> answer =
                flights.awaitHandedOver(flight, isStaleThere ? parts().limits().soft() : null);
        Entry<V> stale = answer == null ? cache.staleInsteadOf(request, found) : null;
        if (stale != null) {
            return new Answer<>(stale, Source.STALE, true, false);
        }
        return answer != null ? answer : Objects.requireNonNull(flights.awaitHandedOver(flight, null));
    }
}
