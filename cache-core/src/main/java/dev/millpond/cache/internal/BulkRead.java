package dev.millpond.cache.internal;

import dev.millpond.cache.CacheLoadException;
import dev.millpond.cache.CacheResult.Source;
import dev.millpond.cache.internal.Bulkhead.Permit;
import dev.millpond.cache.internal.RemoteTier.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One read of many keys: one look-up in Redis for those missing here, one bulk load for those missing there.
 *
 * <p>Keys that somebody else is loading, in this process or another, are read one by one at the end: nobody is waited
 * for while a bulk load is still to do, so that two overlapping bulk reads cannot wait for each other. Not thread-safe.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
final class BulkRead<K, V> {

    private final TieredCache<K, V> cache;
    private final CacheParts<K, V> parts;
    private final KeyRead<K, V> beyond;
    private final ManyLoader<K, V> loader;
    private final Map<K, Answer<V>> answers = new LinkedHashMap<>();
    private final Map<K, Flight<V>> led = new LinkedHashMap<>();

    BulkRead(TieredCache<K, V> cache, ManyLoader<K, V> loader) {
        this.cache = cache;
        this.parts = cache.parts;
        this.beyond = cache.beyond;
        this.loader = loader;
    }

    /** Returns the values that the source has, in the order of the keys. */
    Map<K, V> read(Collection<? extends K> keys) {
        Set<K> distinct = new LinkedHashSet<>(keys);
        List<Request<K>> missing = missingHere(distinct);
        try {
            List<Request<K>> mine =
                    withoutBypassed(missing).stream().filter(this::lead).toList();
            List<Found<V>> found = withoutRecentFailures(mine, cache.remote.lookupAll(mine));
            List<Request<K>> elsewhere = loadPermitted(mine, found);
            elsewhere.forEach(request -> land(request, beyond.readThrough(request, null, loader.one())));
        } catch (RuntimeException | Error e) {
            led.forEach((key, flight) -> parts.flights().fail(key, flight, e));
            missing.forEach(this::recordUnlessAnswered);
            throw e;
        }
        return values(distinct);
    }

    /** A loader that takes something else in place of what it cannot read depends on what that will be. */
    private void recordUnlessAnswered(Request<K> request) {
        if (!answers.containsKey(request.key())) {
            LoadScope.record(List.of(request.ownNames()));
        }
    }

    private List<Request<K>> missingHere(Set<K> keys) {
        List<Request<K>> missing = new ArrayList<>();
        for (K key : keys) {
            Answer<V> hit = cache.local.lookup(key);
            if (hit != null) {
                answers.put(key, hit);
            } else {
                missing.add(parts.requestFor(key));
            }
        }
        return missing;
    }

    /** Loads the keys for which the cache is off, all at once, and returns the others. */
    private List<Request<K>> withoutBypassed(List<Request<K>> missing) {
        Map<Boolean, List<Request<K>>> byUse =
                missing.stream().collect(Collectors.partitioningBy(parts.allowed()::uses));
        List<Request<K>> bypassed = byUse.getOrDefault(false, List.of());
        if (!bypassed.isEmpty()) {
            List<Entry<V>> loaded = loader.load(bypassed, new Limit(parts.loads(), parts.limits(), Permit.NONE));
            for (int i = 0; i < bypassed.size(); i++) {
                land(bypassed.get(i), new Answer<>(loaded.get(i), Source.LOADER, false, false));
            }
        }
        return byUse.getOrDefault(true, List.of());
    }

    private boolean lead(Request<K> request) {
        Flight<V> flight = parts.flights().tryLead(request);
        if (flight == null) {
            return false;
        }
        led.put(request.key(), flight);
        return true;
    }

    /** Answers with stale values for keys whose loads have just failed. */
    private List<Found<V>> withoutRecentFailures(List<Request<K>> mine, List<Found<V>> found) {
        List<Found<V>> others = new ArrayList<>(found);
        for (int i = 0; i < mine.size(); i++) {
            CacheLoadException failure = beyond.recentFailure(mine.get(i), found.get(i));
            if (failure != null) {
                others.set(i, staleOr(mine.get(i), found.get(i), failure));
            }
        }
        return others;
    }

    private Found<V> staleOr(Request<K> request, Found<V> found, CacheLoadException failure) {
        return found.asAnswered(beyond.staleOr(request, found, failure).entry());
    }

    /** As with one key, the permit is asked for before the leases, by which other nodes are held off. */
    private List<Request<K>> loadPermitted(List<Request<K>> mine, List<Found<V>> found) {
        if (found.stream().noneMatch(Found::isToBeLoaded)) {
            return loadLeased(mine, found, Permit.NONE);
        }
        Duration patience = parts.limits().patience(staleInsteadOfAll(mine, found));
        try (Permit permit = parts.bulkhead().enter(patience)) {
            return permit == null
                    ? loadLeased(mine, staleOr(mine, found, parts.bulkhead().refusal(patience)), Permit.NONE)
                    : loadLeased(mine, cache.remote.leaseAll(mine, found), permit);
        }
    }

    private boolean staleInsteadOfAll(List<Request<K>> mine, List<Found<V>> found) {
        return IntStream.range(0, mine.size())
                .filter(i -> found.get(i).isToBeLoaded())
                .allMatch(i -> beyond.staleInsteadOf(mine.get(i), found.get(i)) != null);
    }

    private List<Found<V>> staleOr(List<Request<K>> mine, List<Found<V>> found, CacheLoadException refusal) {
        return IntStream.range(0, mine.size())
                .mapToObj(i -> found.get(i).isToBeLoaded() ? staleOr(mine.get(i), found.get(i), refusal) : found.get(i))
                .toList();
    }

    /** Lands what Redis has and loads what this caller may load; returns what somebody else is loading. */
    private List<Request<K>> loadLeased(List<Request<K>> mine, List<Found<V>> leases, Permit permit) {
        List<Request<K>> elsewhere = new ArrayList<>();
        List<Request<K>> toLoad = new ArrayList<>();
        List<Found<V>> toStore = new ArrayList<>();
        for (int i = 0; i < mine.size(); i++) {
            Found<V> lease = leases.get(i);
            switch (lease.kind()) {
                case HIT, REFRESHED_ELSEWHERE -> land(mine.get(i), beyond.answer(mine.get(i), lease));
                case LEASED_ELSEWHERE, NOTHING, INVALID -> elsewhere.add(mine.get(i));
                default -> {
                    toLoad.add(mine.get(i));
                    toStore.add(lease);
                }
            }
        }
        if (!toLoad.isEmpty()) {
            load(toLoad, toStore, permit);
        }
        return elsewhere;
    }

    private void load(List<Request<K>> requests, List<Found<V>> leases, Permit permit) {
        try {
            loadOrRelease(requests, leases, permit);
        } catch (CacheLoadException e) {
            for (int i = 0; i < requests.size(); i++) {
                land(requests.get(i), beyond.staleOr(requests.get(i), leases.get(i), e));
            }
        }
    }

    private void loadOrRelease(List<Request<K>> requests, List<Found<V>> leases, Permit permit) {
        boolean kept = false;
        long begunAt = parts.registry().ticker().read();
        try {
            List<Entry<V>> loaded = loader.load(requests, new Limit(parts.loads(), parts.limits(), permit));
            List<Outcome> outcomes = cache.remote.storeAll(requests, leases, loaded);
            for (int i = 0; i < requests.size(); i++) {
                Outcome outcome = parts.outcomeOf(outcomes.get(i), leases.get(i), begunAt);
                land(requests.get(i), beyond.keep(requests.get(i), loaded.get(i), outcome));
            }
            kept = true;
        } finally {
            if (!kept) {
                cache.remote.releaseAll(requests, leases);
            }
        }
    }

    private void land(Request<K> request, Answer<V> answer) {
        answers.put(request.key(), answer);
        Flight<V> flight = led.remove(request.key());
        if (flight != null) {
            parts.flights().land(request.key(), flight, answer);
        }
    }

    private Map<K, V> values(Set<K> keys) {
        Map<K, V> values = new LinkedHashMap<>();
        for (K key : keys) {
            Answer<V> answer = answers.get(key);
            Entry<V> entry = answer == null
                    ? cache.read(key, loader.one()).entry()
                    : parts.answered(key, answer).entry();
            @Nullable V value = entry.value();
            if (value != null) {
                values.put(key, value);
            }
        }
        return values;
    }

    /** Loads one key or many. */
    interface ManyLoader<K, V> {

        /** Returns the loader of one key. */
        Loader<K, V> one();

        /** Loads many keys; the entries are in the order of the requests. */
        List<Entry<V>> load(List<Request<K>> requests, Limit limit);
    }

    /** How one call of the loader is made, and how long it may take. */
    record Limit(Loads loads, TimeLimits limits, Permit permit) {

        <T> T call(List<? extends Request<?>> requests, Function<LoadAttempt, T> load) {
            LoadAttempt attempt = loads.attempt(requests);
            return limits.call(permit, attempt, () -> load.apply(attempt));
        }
    }
}
