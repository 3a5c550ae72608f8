package dev.millpond.cache.internal;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.cache.BulkCacheLoader;
import dev.millpond.cache.CacheLoadException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Runs the loaders of one cache: bound to the thread as a {@link LoadScope}, timed, and with failures wrapped. */
final class Loads {

    private final String cache;
    private final EntryFactory entries;
    private final TagTable table;
    private final Ticker ticker;
    private final FailedLoads failures;
    private final StatsCounter stats;
    private final SlowLoads slowLoads;

    Loads(
            CacheSettings<?> settings,
            EntryFactory entries,
            TagTable table,
            Ticker ticker,
            FailedLoads failures,
            StatsCounter stats) {
        this.cache = settings.name();
        this.entries = entries;
        this.table = table;
        this.ticker = ticker;
        this.failures = failures;
        this.stats = stats;
        this.slowLoads = new SlowLoads(cache, settings.loading().slowLoadThreshold(), ticker, stats);
    }

    /**
     * Loads one key.
     *
     * @throws CacheLoadException if the loader failed
     */
    <K, V> Entry<V> load(Request<K> request, Loader<? super K, ? extends V> loader) {
        return run(List.of(request), (scope, stamp) -> {
            V value = loader.load(request.key(), scope);
            return entries.loaded(request, stamp, value, scope.names(), scope.timeToLive());
        });
    }

    /**
     * Loads many keys at once; the entries are in the order of the requests.
     *
     * @throws CacheLoadException if the loader failed
     */
    <K, V> List<Entry<V>> loadAll(List<Request<K>> requests, BulkCacheLoader<K, V> loader) {
        return run(requests, (scope, stamp) -> {
            Map<K, Request<K>> byKey = new LinkedHashMap<>();
            requests.forEach(request -> byKey.put(request.key(), request));
            Map<K, V> values = loader.loadAll(byKey.keySet());
            return requests.stream()
                    .map(request -> entries.loaded(
                            request, stamp, values.get(request.key()), scope.names(), scope.timeToLive()))
                    .toList();
        });
    }

    private <T> T run(List<? extends Request<?>> requests, Load<T> load) {
        Set<String> names = requests.stream().map(Request::entryName).collect(Collectors.toSet());
        Stamp stamp = table.stamp();
        long start = ticker.read();
        LoadScope scope = LoadScope.open(cache, table, stamp, names);
        try {
            T loaded = load.run(scope, stamp);
            stats.loaded(ticker.read() - start);
            failures.remove(requests);
            return loaded;
        } catch (Exception e) {
            stats.loadFailed(ticker.read() - start);
            failures.add(requests, stamp, scope.names(), e);
            throw Failures.ofLoader(cache, e);
        } finally {
            scope.close();
            slowLoads.ended(requests, ticker.read() - start);
        }
    }

    @FunctionalInterface
    private interface Load<T extends @Nullable Object> {

        T run(LoadScope scope, Stamp stamp) throws Exception;
    }
}
