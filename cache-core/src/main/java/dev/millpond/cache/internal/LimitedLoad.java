package dev.millpond.cache.internal;

import dev.millpond.cache.CacheLoadException;
import dev.millpond.cache.internal.Bulkhead.Permit;
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
        KeyRead<K, V> read,
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
            parts().local().fillStale(request.key(), stale);
        }
        flights().handOver(flight);
        try {
            begin(permit);
            return await(stale != null);
        } catch (CacheLoadException e) {
            return read.staleOr(request, found, e);
        } finally {
            flights().leave();
        }
    }

    private void begin(Permit permit) {
        LoadAttempt attempt = parts().loads().attempt(List.of(request));
        Runnable load = () -> flights().takeOver(request.key(), flight, () -> leaseAndLoad(attempt));
        try {
            parts().limits().begin(permit, attempt, load, this::giveUp);
        } catch (RuntimeException | Error e) { // there may be no more threads
            parts().remote().release(request, found);
            fail(e);
            throw e;
        }
    }

    private Answer<V> leaseAndLoad(LoadAttempt attempt) {
        return read.leaseAndLoad(request, found, replacing -> parts().loads().load(attempt, replacing, loader));
    }

    /** What may answer the caller may answer those who joined. */
    private void giveUp(CacheLoadException tooLate) {
        Entry<V> stale = read.staleInsteadOf(request, found);
        if (stale == null) {
            fail(tooLate);
        } else {
            flights().land(request.key(), flight, Answer.stale(stale, found.isAway()));
        }
    }

    private void fail(Throwable failure) {
        flights().fail(request.key(), flight, failure);
    }

    private Answer<V> await(boolean isStaleThere) {
        Answer<V> answer = flight.result(isStaleThere ? parts().limits().soft() : null);
        Entry<V> stale = answer == null ? read.staleInsteadOf(request, found) : null;
        if (stale != null) {
            return flight.meanwhile(Answer.stale(stale, found.isAway()));
        }
        return answer != null ? answer : Objects.requireNonNull(flight.result(null));
    }

    private SingleFlight<K, V> flights() {
        return parts().flights();
    }

    private CacheParts<K, V> parts() {
        return read.parts();
    }
}
