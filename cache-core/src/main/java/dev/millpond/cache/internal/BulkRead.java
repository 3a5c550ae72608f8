package dev.millpond.cache.internal;

import dev.millpond.cache.CacheLoadException;
import dev.millpond.cache.internal.Bulkhead.Permit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
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
    private final BulkAnswers<K, V> answers;
    private final BulkLoad<K, V> load;

    /** Creates a read that fails as a whole. */
    BulkRead(TieredCache<K, V> cache, ManyLoader<K, V> loader) {
        this(cache, loader, (key, failure) -> {
            throw failure;
        });
    }

    /**
     * Creates a read of which keys may fail.
     *
     * @param failed is told of each key that failed; the read goes on without it, unless this throws
     */
    BulkRead(TieredCache<K, V> cache, ManyLoader<K, V> loader, BiConsumer<K, RuntimeException> failed) {
        this.cache = cache;
        this.parts = cache.parts;
        this.beyond = cache.beyond;
        this.loader = loader;
        this.answers = new BulkAnswers<>(parts, failed, true);
        this.load = new BulkLoad<>(cache, loader, answers);
    }

    /** Returns the values that the source has, in the order of the keys. */
    Map<K, V> values(Collection<? extends K> keys) {
        Set<K> distinct = new LinkedHashSet<>(keys);
        Map<K, V> values = new LinkedHashMap<>(4 * distinct.size() / 3 + 1); // which has to grow no more
        readBeyond(distinct);
        answers.forEachCounted(distinct, this::readAlone, (key, answer) -> {
            @Nullable V value = answer.entry().value();
            if (value != null) {
                values.put(key, value);
            }
        });
        return values;
    }

    /** Returns the answers for those keys that have not failed, in their order. */
    Map<K, Answer<V>> read(Set<K> keys) {
        readBeyond(keys);
        return answers.counted(keys, this::readAlone);
    }

    private void readBeyond(Set<K> keys) {
        List<Request<K>> missing = answers.missingHere(keys);
        answers.orFail(missing, () -> {
            Split<K> byLeader = Split.of(withoutBypassed(missing), answers::lead);
            List<Request<K>> mine = byLeader.matching();
            landIfThere(byLeader.others());
            List<Found<V>> found = withoutRecentFailures(mine, cache.remote.lookupAll(mine));
            List<Request<K>> elsewhere = loadPermitted(mine, found);
            elsewhere.forEach(
                    request -> answers.landOrFail(request, () -> beyond.readThrough(request, null, loader.one())));
        });
    }

    /** Takes from Redis, all at once, what others load anew although it may be fresh. */
    private void landIfThere(List<Request<K>> others) {
        List<Request<K>> ahead =
                others.stream().filter(parts.flights()::isLedAhead).toList();
        if (ahead.isEmpty()) {
            return;
        }
        answers.landAll(ahead, cache.remote.lookupAll(ahead), Found::isHit, beyond);
    }

    /** Loads the keys for which the cache is off, all at once, and returns the others. */
    private List<Request<K>> withoutBypassed(List<Request<K>> missing) {
        Split<K> byUse = Split.of(missing, parts.allowed()::uses);
        load.loadBypassed(byUse.others());
        return byUse.matching();
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
        answers.landOrFail(request, () -> beyond.staleOr(request, found, failure));
        return settled();
    }

    /** Returns what stands for a key of which nothing is left to do: nobody leases or loads it here. */
    private static <V> Found<V> settled() {
        return Found.of(Found.Kind.LEASED_ELSEWHERE);
    }

    /** As with one key, the permit is asked for before the leases, by which other nodes are held off. */
    private List<Request<K>> loadPermitted(List<Request<K>> mine, List<Found<V>> found) {
        if (found.stream().noneMatch(Found::isToBeLoaded)) {
            return load.loadLeased(mine, found, Permit.NONE);
        }
        answers.landAll(mine, found, Found::isAnswer, beyond); // nobody need wait for the loads of other keys
        Duration patience = parts.limits().patience(staleInsteadOfAll(mine, found));
        try (Permit permit = parts.bulkhead().enter(patience)) {
            return permit == null
                    ? load.loadLeased(
                            mine, staleOr(mine, found, parts.bulkhead().refusal(patience)), Permit.NONE)
                    : load.loadLeased(mine, cache.remote.leaseAll(mine, found), permit);
        }
    }

    private boolean staleInsteadOfAll(List<Request<K>> mine, List<Found<V>> found) {
        return IntStream.range(0, mine.size())
                .filter(i -> found.get(i).isToBeLoaded())
                .allMatch(i -> beyond.staleInsteadOf(mine.get(i), found.get(i)) != null);
    }

    private List<Found<V>> staleOr(List<Request<K>> mine, List<Found<V>> found, CacheLoadException refusal) {
        List<Integer> refused = IntStream.range(0, mine.size())
                .filter(i -> found.get(i).isToBeLoaded())
                .boxed()
                .toList();
        answers.landOrFailAll(
                refused.stream().map(mine::get).toList(),
                i -> beyond.staleOr(mine.get(refused.get(i)), found.get(refused.get(i)), refusal));
        return found.stream()
                .map(each -> each.isToBeLoaded() ? BulkRead.<V>settled() : each)
                .toList();
    }

    private @Nullable Answer<V> readAlone(K key) {
        try {
            return cache.read(key, loader.one());
        } catch (CacheLoadException | IllegalStateException e) {
            answers.fail(key, e);
            return null;
        }
    }

    /** Requests of which something is true, and the others, in their order. */
    private record Split<K>(List<Request<K>> matching, List<Request<K>> others) {

        static <K> Split<K> of(List<Request<K>> all, Predicate<Request<K>> condition) {
            Split<K> split = new Split<>(new ArrayList<>(all.size()), new ArrayList<>());
            for (Request<K> request : all) {
                (condition.test(request) ? split.matching : split.others).add(request);
            }
            return split;
        }
    }
}
