package dev.millpond.cache.internal;

import dev.millpond.cache.spi.InvalidationLog;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts the entries of one batch. Not thread-safe.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
final class BatchPuts<K, V> implements BatchRun.Work<Map.Entry<? extends K, ? extends V>> {

    /*
     * Why are the entries of a large batch not named in the invalidation log?
     *
     * A node remembers 40 000 names. With more it raises its floor, and all that was loaded or put before is a miss: the
     * batch would make what it has just put invalid, and the other caches of the namespace with it, over and over. No
     * pause between chunks helps, because names are counted and do not age. So the cache is invalidated by its one name,
     * which beats all loads that began before the batch. A load that began after that is beaten in Redis, where its lease
     * or its value is overwritten. What remains, if it read the source before that was changed, is what this or another
     * process answers and keeps of it in its own memory, and makes from it.
     */

    /** Each entry is stamped with the number under which it is named, beside the name that all of the cache share. */
    private static final int MOST_UNDER_ONE_NUMBER = InvalidationLog.MOST_NAMES - 1;

    private final TieredCache<K, V> cache;
    private final CacheParts<K, V> parts;
    private final BatchTally<K> tally;
    private boolean named = true;

    BatchPuts(TieredCache<K, V> cache, BatchTally<K> tally) {
        this.cache = cache;
        this.parts = cache.parts;
        this.tally = tally;
    }

    @Override
    public int lookahead() {
        return TieredCache.MOST_KEYS + 1;
    }

    @Override
    public void many() {
        named = false;
        cache.invalidateAll();
    }

    @Override
    public void chunk(List<Map.Entry<? extends K, ? extends V>> items) {
        Map<String, Put<K, V>> byText = new LinkedHashMap<>();
        int valid = 0;
        for (Map.Entry<? extends K, ? extends V> item : items) {
            valid += tally.tries(item.getKey(), () -> add(item.getKey(), item.getValue(), byText)) ? 1 : 0;
        }
        tally.endIfFailed();
        if (!byText.isEmpty()) {
            put(List.copyOf(byText.values()));
        }
        parts.stats().put(valid);
        tally.done(valid);
    }

    private void add(K key, V value, Map<String, Put<K, V>> byText) {
        cache.requireValue(value);
        Request<K> request = parts.requestFor(key);
        byText.put(request.text(), new Put<>(request, value));
    }

    private void put(List<Put<K, V>> puts) {
        List<Request<K>> requests = new ArrayList<>();
        List<@Nullable Entry<V>> entries = new ArrayList<>();
        for (int from = 0; from < puts.size(); from += MOST_UNDER_ONE_NUMBER) {
            List<Put<K, V>> some = puts.subList(from, Math.min(puts.size(), from + MOST_UNDER_ONE_NUMBER));
            Stamp stamp = named
                    ? parts.appendPut(namesOf(some))
                    : parts.registry().table().stamp();
            some.forEach(put -> {
                requests.add(put.request());
                entries.add(parts.entries().loaded(put.request(), stamp, put.value(), Set.of(), null));
            });
        }
        boolean taken = cache.remote.putAll(requests, entries);
        if (!named && !taken) {
            // What Redis still has may be younger than the invalidation of the whole cache.
            parts.append(namesOf(puts));
        }
        for (int i = 0; i < puts.size(); i++) {
            keep(requests.get(i).key(), entries.get(i));
        }
    }

    private List<String> namesOf(List<Put<K, V>> puts) {
        List<String> texts = puts.stream().map(put -> put.request().text()).toList();
        return Names.changesOfEntries(parts.settings().name(), texts);
    }

    private void keep(K key, @Nullable Entry<V> entry) {
        if (entry == null) {
            cache.local.remove(key);
        } else {
            cache.local.replace(key, entry);
        }
    }

    /** One entry to put. */
    private record Put<K, V>(Request<K> request, V value) {}
}
