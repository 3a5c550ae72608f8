package dev.millpond.cache.internal;

import dev.millpond.cache.CacheLoadException;
import dev.millpond.cache.internal.Bulkhead.Permit;
import dev.millpond.cache.internal.ManyLoader.Limit;
import dev.millpond.cache.internal.ManyLoader.Loaded;
import dev.millpond.cache.internal.RemoteTier.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
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
        Loaded<V> loaded = loader.load(bypassed, new Limit(parts.loads(), parts.limits(), Permit.NONE));
        int count = loaded.entries().size();
        for (int i = 0; i < count; i++) {
            answers.land(bypassed.get(i), Answer.loaded(loaded.entries().get(i), false, false));
        }
        CacheLoadException failure = loaded.failure();
        if (failure != null) {
            bypassed.subList(count, bypassed.size()).forEach(request -> answers.fail(request, failure));
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
        Loaded<V> loaded = loadAndKeep(requests, leases, permit);
        CacheLoadException failure = loaded.failure();
        if (failure != null) {
            int count = loaded.entries().size();
            failed(requests.subList(count, requests.size()), leases.subList(count, requests.size()), failure);
        }
    }

    /** Only those who joined a load that has failed hear of it: of loads one by one, that is the first of these. */
    private void failed(List<Request<K>> requests, List<Found<V>> leases, CacheLoadException failure) {
        failedLoads += requests.size();
        int together = loader.atOnce() ? requests.size() : 1;
        answers.landOrFailAll(
                requests.subList(0, together), i -> beyond.staleOr(requests.get(i), leases.get(i), failure));
        for (int i = together; i < requests.size(); i++) {
            Request<K> request = requests.get(i);
            Found<V> lease = leases.get(i);
            answers.landOrLeave(request, () -> beyond.staleOr(request, lease, failure));
        }
    }

    private Loaded<V> loadAndKeep(List<Request<K>> requests, List<Found<V>> leases, Permit permit) {
        int kept = 0;
        long begunAt = parts.registry().ticker().read();
        try {
            List<Request<K>> replacing = IntStream.range(0, requests.size())
                    .mapToObj(i -> beyond.replacing(requests.get(i), leases.get(i)))
                    .toList();
            Loaded<V> loaded = loader.load(replacing, new Limit(parts.loads(), parts.limits(), permit));
            int count = loaded.entries().size();
            keep(requests.subList(0, count), leases.subList(0, count), loaded.entries(), begunAt);
            kept = count;
            return loaded;
        } finally {
            if (kept < requests.size()) {
                remote.releaseAll(requests.subList(kept, requests.size()), leases.subList(kept, requests.size()));
            }
        }
    }

    private void keep(List<Request<K>> requests, List<Found<V>> leases, List<Entry<V>> loaded, long begunAt) {
        Predicate<Integer> kept = i -> beyond.isToBeKept(loaded.get(i));
        List<Integer> places = IntStream.range(0, requests.size()).boxed().toList();
        Map<Boolean, List<Integer>> byFate = places.stream().collect(Collectors.partitioningBy(kept));
        List<Integer> passing = byFate.getOrDefault(false, List.of());
        if (passing.isEmpty()) {
            keepAll(requests, leases, loaded, begunAt);
            return;
        }
        List<Integer> lasting = byFate.getOrDefault(true, List.of());
        keepAll(at(lasting, requests), at(lasting, leases), at(lasting, loaded), begunAt);
        List<Answer<V>> passed = beyond.passAll(at(passing, requests), at(passing, leases), at(passing, loaded));
        for (int i = 0; i < passed.size(); i++) {
            answers.land(requests.get(passing.get(i)), passed.get(i));
        }
    }

    private static <T> List<T> at(List<Integer> places, List<T> all) {
        return places.stream().map(all::get).toList();
    }

    private void keepAll(List<Request<K>> requests, List<Found<V>> leases, List<Entry<V>> loaded, long begunAt) {
        List<Outcome> outcomes = remote.storeAll(requests, leases, loaded);
        for (int i = 0; i < requests.size(); i++) {
            Outcome outcome = parts.outcomeOf(outcomes.get(i), leases.get(i), begunAt);
            answers.land(requests.get(i), beyond.keep(requests.get(i), leases.get(i), loaded.get(i), outcome));
        }
    }
}
