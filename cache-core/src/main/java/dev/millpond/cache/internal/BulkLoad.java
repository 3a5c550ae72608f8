package dev.millpond.cache.internal;

import dev.millpond.cache.CacheLoadException;
import dev.millpond.cache.internal.Bulkhead.Permit;
import dev.millpond.cache.internal.ManyLoader.Limit;
import dev.millpond.cache.internal.RemoteTier.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The loads of one read of many keys, and their stores. Not thread-safe.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
final class BulkLoad<K, V> {

    private final CacheParts<K, V> parts;
    private final RemoteTier<V> remote;
    private final KeyRead<K, V> beyond;
    private final ManyLoader<K, V> loader;
    private final BulkAnswers<K, V> answers;
    private int failedLoads;

    /**
     * Creates it.
     *
     * @param answers takes what is loaded
     */
    BulkLoad(TieredCache<K, V> cache, ManyLoader<K, V> loader, BulkAnswers<K, V> answers) {
        this.parts = cache.parts;
        this.remote = cache.remote;
        this.beyond = cache.beyond;
        this.loader = loader;
        this.answers = answers;
    }

    /** Returns how many keys have no new value because their load failed. */
    int failedLoads() {
        return failedLoads;
    }

    /** Loads keys for which the cache is off. */
    void loadBypassed(List<Request<K>> bypassed) {
        if (bypassed.isEmpty()) {
            return;
        }
        try {
            List<Entry<V>> loaded = loader.load(bypassed, new Limit(parts.loads(), parts.limits(), Permit.NONE));
            for (int i = 0; i < bypassed.size(); i++) {
                answers.land(bypassed.get(i), Answer.loaded(loaded.get(i), false, false));
            }
        } catch (CacheLoadException e) {
            bypassed.forEach(request -> answers.fail(request, e));
        }
    }

    /** Lands what Redis has and loads what this caller may load; returns what somebody else is loading. */
    List<Request<K>> loadLeased(List<Request<K>> mine, List<Found<V>> leases, Permit permit) {
        List<Request<K>> elsewhere = new ArrayList<>();
        List<Request<K>> toLoad = new ArrayList<>();
        List<Found<V>> toStore = new ArrayList<>();
        for (int i = 0; i < mine.size(); i++) {
            Found<V> lease = leases.get(i);
            if (answers.isSettled(mine.get(i).key())) {
                continue;
            }
            switch (lease.kind()) {
                case HIT, REFRESHED_ELSEWHERE -> answers.land(mine.get(i), beyond.answer(mine.get(i), lease));
                case LEASED_ELSEWHERE, NOTHING, INVALID -> elsewhere.add(mine.get(i));
                default -> {
                    toLoad.add(mine.get(i));
                    toStore.add(lease);
                }
            }
        }
        answers.leave(elsewhere);
        if (!toLoad.isEmpty()) {
            load(toLoad, toStore, permit);
        }
        return elsewhere;
    }

    private void load(List<Request<K>> requests, List<Found<V>> leases, Permit permit) {
        try {
            loadAndKeep(requests, leases, permit);
        } catch (CacheLoadException e) {
            failedLoads += requests.size();
            for (int i = 0; i < requests.size(); i++) {
                Request<K> request = requests.get(i);
                Found<V> lease = leases.get(i);
                answers.landOrFail(request, () -> beyond.staleOr(request, lease, e));
            }
        }
    }

    private void loadAndKeep(List<Request<K>> requests, List<Found<V>> leases, Permit permit) {
        boolean kept = false;
        long begunAt = parts.registry().ticker().read();
        try {
            List<Request<K>> replacing = IntStream.range(0, requests.size())
                    .mapToObj(i -> beyond.replacing(requests.get(i), leases.get(i)))
                    .toList();
            List<Entry<V>> loaded = loader.load(replacing, new Limit(parts.loads(), parts.limits(), permit));
            List<Outcome> outcomes = remote.storeAll(requests, leases, loaded);
            for (int i = 0; i < requests.size(); i++) {
                Outcome outcome = parts.outcomeOf(outcomes.get(i), leases.get(i), begunAt);
                answers.land(requests.get(i), beyond.keep(requests.get(i), leases.get(i), loaded.get(i), outcome));
            }
            kept = true;
        } finally {
            if (!kept) {
                remote.releaseAll(requests, leases);
            }
        }
    }
}
