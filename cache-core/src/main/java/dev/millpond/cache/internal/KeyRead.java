package dev.millpond.cache.internal;

import dev.millpond.cache.CacheLoadException;
import dev.millpond.cache.CacheResult.Source;
import dev.millpond.cache.internal.Bulkhead.Permit;
import dev.millpond.cache.internal.RemoteTier.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The read of one key beyond this process: what Redis has, else a load in its turn, else a stale value; thread-safe.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
record KeyRead<K, V>(CacheParts<K, V> parts) {

    /**
     * Reads a key.
     *
     * @param flight whom the read is for, if it may be handed over to another thread
     */
    Answer<V> readThrough(Request<K> request, @Nullable Flight<V> flight, Loader<? super K, ? extends V> loader) {
        Found<V> found = parts.remote().lookup(request);
        CacheLoadException failure = recentFailure(request, found);
        return failure == null
                ? loadInTurn(request, awaited(request, found), flight, loader)
                : staleOr(request, found, failure);
    }

    /** Returns the failure of an earlier load of what would have to be loaded, while that is not to be tried again. */
    @Nullable
    CacheLoadException recentFailure(Request<K> request, Found<V> found) {
        return found.isAnswer() ? null : parts.failures().recent(request, staleInsteadOf(request, found) != null);
    }

    /** Returns the answer of Redis alone, or null if it has none. */
    @Nullable
    Answer<V> ifThere(Request<K> request) {
        Found<V> found = parts.remote().lookup(request);
        return found.isAnswer() ? answer(request, found) : null;
    }

    /** Returns what there is when another node has loaded, which needs no permit. */
    Found<V> awaited(Request<K> request, Found<V> found) {
        return found.isLeasedElsewhere() ? parts.remote().lease(request, found) : found;
    }

    private Answer<V> loadInTurn(
            Request<K> request, Found<V> found, @Nullable Flight<V> flight, Loader<? super K, ? extends V> loader) {
        if (found.isAnswer()) {
            return answer(request, found);
        }
        Entry<V> stale = staleInsteadOf(request, found);
        Duration patience = parts.limits().patience(stale != null);
        try (Permit permit = permit(found, patience)) {
            if (permit == null) {
                parts.remote().release(request, found);
                return staleOr(request, found, parts.bulkhead().refusal(patience));
            }
            if (flight != null && parts.limits().apply(permit, stale != null)) {
                return new LimitedLoad<>(this, request, found, flight, loader).run(permit, stale);
            }
            return leaseAndLoad(request, found, replacing -> parts.load(replacing, permit, loader));
        }
    }

    /** Returns the permit to load, or null; whoever has a lease already does not wait, unless it has an answer. */
    @Nullable
    Permit permit(Found<V> found, Duration patience) {
        return found.isMine() && !patience.isZero()
                ? parts.bulkhead().enterOrPass()
                : parts.bulkhead().enter(patience);
    }

    Answer<V> leaseAndLoad(Request<K> request, Found<V> found, Function<Request<K>, Entry<V>> load) {
        Found<V> lease = parts.remote().lease(request, found);
        return lease.isAnswer() ? answer(request, lease) : load(request, lease, load);
    }

    /** Loads with a lease, or answers with a stale value if that fails. */
    Answer<V> load(Request<K> request, Found<V> lease, Function<Request<K>, Entry<V>> load) {
        try {
            return loadAndKeep(request, lease, load);
        } catch (CacheLoadException e) {
            return staleOr(request, lease, e);
        }
    }

    Answer<V> loadAndKeep(Request<K> request, Found<V> lease, Function<Request<K>, Entry<V>> load) {
        boolean kept = false;
        long begunAt = parts.registry().ticker().read();
        try {
            Entry<V> loaded = load.apply(replacing(request, lease));
            if (!isToBeKept(loaded)) {
                kept = true;
                return passAll(List.of(request), List.of(lease), List.of(loaded))
                        .get(0);
            }
            Outcome outcome = parts.remote().store(request, lease, loaded);
            kept = true;
            return keep(request, lease, loaded, parts.outcomeOf(outcome, lease, begunAt));
        } finally {
            if (!kept) {
                parts.remote().release(request, lease);
            }
        }
    }

    /** Tells whether a loaded entry may ever answer anybody but those who wait for it. */
    boolean isToBeKept(Entry<V> loaded) {
        return loaded.lifetime().usable(parts.registry().ticker().read());
    }

    /** Answers with what is not to be kept; what it is newer than must not answer any more either. */
    List<Answer<V>> passAll(List<Request<K>> requests, List<Found<V>> leases, List<Entry<V>> loaded) {
        for (int i = 0; i < requests.size(); i++) {
            parts.local().removeUnlessNewer(requests.get(i).key(), loaded.get(i));
        }
        parts.remote().discardAll(requests, leases);
        return IntStream.range(0, requests.size())
                .mapToObj(i -> Answer.loaded(loaded.get(i), false, leases.get(i).isAway()))
                .toList();
    }

    /** Returns a read as that of a load which replaces what the cache still has, in Redis or else in this process. */
    Request<K> replacing(Request<K> request, Found<V> lease) {
        Entry<V> last = lease.last();
        boolean known = last != null && last.version() != null;
        return parts.allowed().uses(request)
                ? request.replacing(known ? last : parts.local().held(request.key()))
                : request;
    }

    /** Keeps a loaded entry in this process, unless Redis has refused it. */
    Answer<V> keep(Request<K> request, Found<V> lease, Entry<V> loaded, Outcome outcome) {
        boolean kept = outcome != Outcome.REJECTED && parts.local().fill(request.key(), loaded);
        return Answer.loaded(loaded, kept || isInRedis(outcome, loaded), lease.isAway());
    }

    private boolean isInRedis(Outcome outcome, Entry<V> loaded) {
        return outcome == Outcome.STORED && parts.registry().table().valid(loaded);
    }

    /** Answers with what Redis has, which may be past its time to live while another node loads. */
    Answer<V> answer(Request<K> request, Found<V> found) {
        return found.isHit() ? fill(request, found.require()) : Answer.stale(found.require(), false);
    }

    /** Keeps what Redis had in this process. */
    private Answer<V> fill(Request<K> request, Entry<V> entry) {
        parts.local().fill(request.key(), entry);
        long left = entry.lifetime().freshUntil() - parts.registry().ticker().read();
        return new Answer<>(entry, Source.REMOTE, true, false, parts.early().isDue(left), false);
    }

    /** Returns an answer past its time to live in place of a failed load, or throws the failure. */
    Answer<V> staleOr(Request<K> request, Found<V> lease, CacheLoadException failure) {
        Entry<V> stale = staleInsteadOf(request, lease);
        if (stale == null) {
            throw failure;
        }
        return Answer.stale(stale, lease.isAway());
    }

    /** Returns an entry past its time to live that may answer in the place of a load, or null. */
    @Nullable
    Entry<V> staleInsteadOf(Request<K> request, Found<V> found) {
        Entry<V> stale = parts.local().stale(request.key());
        if (stale != null) {
            return stale;
        }
        Entry<V> entry = found.entry(); // which may have become too old while the load went on
        return entry != null && parts.local().isUsable(entry) ? entry : null;
    }
}
