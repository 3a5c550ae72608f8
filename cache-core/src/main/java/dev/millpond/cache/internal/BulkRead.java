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
import java.util.function.BiConsumer;
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
    private final boolean eachAlone;
    private final BulkAnswers<K, V> answers;
    private int failedLoads;

    /** Creates a read that fails as a whole. */
    BulkRead(TieredCache<K, V> cache, ManyLoader<K, V> loader) {
        this(
                cache,
                loader,
                (key, failure) -> {
                    throw failure;
                },
                false);
    }

    /**
     * Creates a read of which keys may fail.
     *
     * @param failed is told of each key that failed; the read goes on without it, unless this throws
     * @param eachAlone whether keys are loaded one after the other, so that one that cannot be fails alone
     */
    BulkRead(
            TieredCache<K, V> cache,
            ManyLoader<K, V> loader,
            BiConsumer<K, RuntimeException> failed,
            boolean eachAlone) {
        this(cache, loader, new BulkAnswers<>(cache.parts, failed, true), eachAlone);
    }

    private BulkRead(TieredCache<K, V> cache, ManyLoader<K, V> loader, BulkAnswers<K, V> answers, boolean eachAlone) {
        this.eachAlone = eachAlone;
        this.cache = cache;
        this.parts = cache.parts;
        this.beyond = cache.beyond;
        this.loader = loader;
        this.answers = answers;
    }

    /**
     * Creates a load of keys that nobody has asked for, which counts neither as hits nor as misses.
     *
     * @param failed is told of each key that failed and has nothing to answer
     */
    static <K, V> BulkRead<K, V> ofNobody(
            TieredCache<K, V> cache, ManyLoader<K, V> loader, BiConsumer<K, RuntimeException> failed) {
        return new BulkRead<>(cache, loader, new BulkAnswers<>(cache.parts, failed, false), false);
    }

    /** Returns the values that the source has, in the order of the keys. */
    Map<K, V> read(Collection<? extends K> keys) {
        Set<K> distinct = new LinkedHashSet<>(keys);
        List<Request<K>> missing = answers.missingHere(distinct);
        orFail(missing, () -> {
            Map<Boolean, List<Request<K>>> byLeader =
                    withoutBypassed(missing).stream().collect(Collectors.partitioningBy(answers::lead));
            List<Request<K>> mine = byLeader.getOrDefault(true, List.of());
            landIfThere(byLeader.getOrDefault(false, List.of()));
            List<Found<V>> found = withoutRecentFailures(mine, cache.remote.lookupAll(mine));
            List<Request<K>> elsewhere = loadPermitted(mine, found);
            elsewhere.forEach(
                    request -> answers.landOrFail(request, () -> beyond.readThrough(request, null, loader.one())));
        });
        return values(distinct);
    }

    /**
     * Loads keys that nobody waits for, and returns the answers that there are.
     *
     * <p>Keys that somebody else is loading are left to them, and those alone whose loads have just failed.
     *
     * @param anew whether to load also what is fresh
     * @param permit for all these loads
     */
    Collection<Answer<V>> readInBackground(Collection<K> keys, boolean anew, Permit permit) {
        List<Request<K>> wanted = keys.stream()
                .filter(parts.allowed()::keepsKey)
                .filter(key -> anew || !parts.local().isFresh(key))
                .map(parts::requestFor)
                .filter(this::hasNotFailed)
                .toList();
        orFail(wanted, () -> {
            List<Request<K>> mine = wanted.stream().filter(answers::leadAhead).toList();
            List<Found<V>> found = cache.remote.lookupAll(mine).stream()
                    .map(each -> anew ? replaceable(each) : each)
                    .toList();
            var unused = loadLeased(mine, cache.remote.leaseAll(mine, found), permit);
        });
        return answers.all();
    }

    private Found<V> replaceable(Found<V> found) {
        return found.isHit() && !cache.remote.isRefreshedElsewhere(found) ? found.asReplaceable() : found;
    }

    /** Returns how many keys have no new value because a load failed, now or a short time ago. */
    int failedLoads() {
        return failedLoads;
    }

    private boolean hasNotFailed(Request<K> request) {
        boolean hasFailed = parts.failures().isRecent(request);
        if (hasFailed) {
            failedLoads++;
        }
        return !hasFailed;
    }

    private void orFail(List<Request<K>> missing, Runnable read) {
        try {
            read.run();
        } catch (RuntimeException | Error e) {
            answers.failAll(missing, e);
            throw e;
        }
    }

    /** Takes from Redis, all at once, what others load anew although it may be fresh. */
    private void landIfThere(List<Request<K>> others) {
        List<Request<K>> ahead =
                others.stream().filter(parts.flights()::isLedAhead).toList();
        if (ahead.isEmpty()) {
            return;
        }
        List<Found<V>> found = cache.remote.lookupAll(ahead);
        IntStream.range(0, ahead.size())
                .filter(i -> found.get(i).isHit())
                .forEach(i -> answers.land(ahead.get(i), beyond.answer(ahead.get(i), found.get(i))));
    }

    /** Loads the keys for which the cache is off, all at once, and returns the others. */
    private List<Request<K>> withoutBypassed(List<Request<K>> missing) {
        Map<Boolean, List<Request<K>>> byUse =
                missing.stream().collect(Collectors.partitioningBy(parts.allowed()::uses));
        List<Request<K>> bypassed = byUse.getOrDefault(false, List.of());
        inSteps(bypassed, (from, to) -> loadBypassed(bypassed.subList(from, to)));
        return byUse.getOrDefault(true, List.of());
    }

    private void loadBypassed(List<Request<K>> bypassed) {
        try {
            List<Entry<V>> loaded = loader.load(bypassed, new Limit(parts.loads(), parts.limits(), Permit.NONE));
            for (int i = 0; i < bypassed.size(); i++) {
                answers.land(bypassed.get(i), new Answer<>(loaded.get(i), Source.LOADER, false, false));
            }
        } catch (CacheLoadException e) {
            bypassed.forEach(request -> answers.fail(request, e));
        }
    }

    /** Has all of a list dealt with, at once or one after the other. */
    private void inSteps(List<?> all, Step step) {
        int atOnce = eachAlone ? 1 : Math.max(1, all.size());
        for (int from = 0; from < all.size(); from += atOnce) {
            step.of(from, from + atOnce);
        }
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
        try {
            return found.asAnswered(beyond.staleOr(request, found, failure).entry());
        } catch (CacheLoadException e) {
            answers.fail(request, e);
            return Found.of(Found.Kind.LEASED_ELSEWHERE); // which nobody leases or loads here
        }
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
            if (answers.hasFailed(mine.get(i).key())) {
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
        loadOrRelease(toLoad, toStore, permit);
        return elsewhere;
    }

    /** Gives the leases of what it does not come to back. */
    private void loadOrRelease(List<Request<K>> requests, List<Found<V>> leases, Permit permit) {
        int[] begun = {0};
        try {
            inSteps(requests, (from, to) -> {
                begun[0] = to;
                load(requests.subList(from, to), leases.subList(from, to), permit);
            });
        } finally {
            if (begun[0] < requests.size()) {
                cache.remote.releaseAll(
                        requests.subList(begun[0], requests.size()), leases.subList(begun[0], requests.size()));
            }
        }
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
            List<Outcome> outcomes = cache.remote.storeAll(requests, leases, loaded);
            for (int i = 0; i < requests.size(); i++) {
                Outcome outcome = parts.outcomeOf(outcomes.get(i), leases.get(i), begunAt);
                answers.land(requests.get(i), beyond.keep(requests.get(i), loaded.get(i), outcome));
            }
            kept = true;
        } finally {
            if (!kept) {
                cache.remote.releaseAll(requests, leases);
            }
        }
    }

    private Map<K, V> values(Set<K> keys) {
        Map<K, V> values = new LinkedHashMap<>();
        for (K key : keys) {
            Answer<V> answer = answers.hasFailed(key) ? null : answered(key);
            @Nullable V value = answer == null ? null : answer.entry().value();
            if (value != null) {
                values.put(key, value);
            }
        }
        return values;
    }

    private @Nullable Answer<V> answered(K key) {
        Answer<V> answer = answers.of(key);
        if (answer != null) {
            return parts.answered(key, answer);
        }
        try {
            return cache.read(key, loader.one());
        } catch (CacheLoadException | IllegalStateException e) {
            answers.fail(key, e);
            return null;
        }
    }

    /** Does a part of something. */
    @FunctionalInterface
    private interface Step {

        void of(int from, int to);
    }

    /** Loads one key or many. */
    interface ManyLoader<K, V> {

        /** Returns the loader of one key. */
        Loader<K, V> one();

        /** Tells whether many keys are loaded by one call, which cannot tell which of them made it fail. */
        boolean atOnce();

        /** Loads many keys; the entries are in the order of the requests. */
        List<Entry<V>> load(List<Request<K>> requests, Limit limit);

        /** Returns one that does not care for what this process has. */
        ManyLoader<K, V> anew();
    }

    /** How one call of the loader is made, and how long it may take. */
    record Limit(Loads loads, TimeLimits limits, Permit permit) {

        <T> T call(List<? extends Request<?>> requests, Function<LoadAttempt, T> load) {
            LoadAttempt attempt = loads.attempt(requests);
            return limits.call(permit, attempt, () -> load.apply(attempt));
        }
    }
}
