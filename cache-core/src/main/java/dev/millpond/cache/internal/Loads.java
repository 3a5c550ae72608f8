package dev.millpond.cache.internal;

import static java.util.Objects.requireNonNull;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.cache.BulkCacheLoader;
import dev.millpond.cache.CacheLoadException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
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
    private final EarlyExpiry early;
    private final StatsCounter stats;
    private final SlowLoads slowLoads;
    private final ObservedLoads observed;

    Loads(
            CacheSettings<?> settings,
            EntryFactory entries,
            TagTable table,
            Ticker ticker,
            FailedLoads failures,
            EarlyExpiry early,
            StatsCounter stats,
            ObservedLoads observed) {
        this.cache = settings.name();
        this.entries = entries;
        this.table = table;
        this.ticker = ticker;
        this.failures = failures;
        this.early = early;
        this.stats = stats;
        this.observed = observed;
        this.slowLoads = new SlowLoads(cache, settings.loading().slowLoadThreshold(), ticker, stats);
    }

    /**
     * Loads one key.
     *
     * @throws CacheLoadException if the loader failed
     */
    <K, V> Entry<V> load(Request<K> request, Loader<? super K, ? extends V> loader) {
        return load(attempt(List.of(request)), request, loader);
    }

    /** Does the same, unless the attempt has ended by then. */
    <K, V> Entry<V> load(LoadAttempt attempt, Request<K> request, Loader<? super K, ? extends V> loader) {
        return run(attempt, (scope, stamp) -> {
            scope.revision().follow(request.last());
            return entry(request, stamp, scope, loader.load(request.key(), scope));
        });
    }

    /**
     * Loads many keys at once; the entries are in the order of the requests.
     *
     * @throws CacheLoadException if the loader failed
     */
    <K, V> List<Entry<V>> loadAll(
            LoadAttempt attempt, List<Request<K>> requests, BulkCacheLoader.WithContext<K, V> loader) {
        return run(attempt, (scope, stamp) -> {
            Map<K, LoadScope> parts = new LinkedHashMap<>();
            requests.forEach(request -> parts.put(request.key(), scope.partOf(request)));
            Map<K, V> values = loader.loadAll(new LinkedHashSet<>(parts.keySet()), Loaders.contexts(parts));
            return requests.stream()
                    .map(request ->
                            entry(request, stamp, requireNonNull(parts.get(request.key())), values.get(request.key())))
                    .toList();
        });
    }

    private <V> Entry<V> entry(Request<?> request, Stamp stamp, LoadScope scope, @Nullable V value) {
        SourceVersion version = scope.revision().of(value);
        return entries.loaded(request, stamp, value, scope.names(), scope.timeToLive(), version);
    }

    /** Returns an attempt to load some keys, which begins when the loader is called. */
    LoadAttempt attempt(List<? extends Request<?>> requests) {
        return new LoadAttempt(this, requests);
    }

    /** Counts a load that has taken too long, although its loader may never return, and remembers that it failed. */
    void timedOut(List<? extends Request<?>> requests, LoadScope scope, long begunAt, CacheLoadException failure) {
        stats.loadFailed(ticker.read() - begunAt);
        failures.add(requests, scope.stamp(), scope.namesOfAll(), failure);
    }

    /** Counts a load that is still under way, and logs it now and then, if it is slow. */
    void logIfSlow(List<? extends Request<?>> requests, long begunAt) {
        slowLoads.ended(requests, ticker.read() - begunAt);
    }

    private <T> T run(LoadAttempt attempt, Load<T> load) {
        List<? extends Request<?>> requests = attempt.requests();
        Set<String> names = requests.stream().map(Request::entryName).collect(Collectors.toSet());
        Stamp stamp = table.stamp();
        long start = ticker.read();
        LoadScope scope = LoadScope.open(cache, table, stamp, names);
        try {
            refuseIfGivenUp(attempt, scope, start);
            T loaded = observed.call(cache, requests.size(), () -> load.run(scope, stamp));
            refuseIfLate(attempt);
            loaded(requests, ticker.read() - start);
            stats.notModified(scope.unmodified());
            return loaded;
        } catch (Exception e) {
            if (attempt.end()) {
                failed(requests, ticker.read() - start);
                failures.add(requests, stamp, scope.namesOfAll(), e);
            }
            throw Failures.ofLoader(cache, e);
        } catch (Error e) {
            if (attempt.end()) {
                failed(requests, ticker.read() - start);
            }
            throw e;
        } finally {
            scope.close();
        }
    }

    /** The source is left alone if nobody waits for what it would give. */
    private static void refuseIfGivenUp(LoadAttempt attempt, LoadScope scope, long start) throws InterruptedException {
        if (!attempt.begin(scope, start)) {
            throw new InterruptedException("The load was given up before its loader was called.");
        }
    }

    /** What an interrupted loader returns may be anything. */
    private void refuseIfLate(LoadAttempt attempt) throws InterruptedException {
        if (!attempt.end()) {
            stats.storeRejected();
            throw new InterruptedException("The load ended after its hardTimeout.");
        }
    }

    private void failed(List<? extends Request<?>> requests, long nanos) {
        stats.loadFailed(nanos);
        slowLoads.ended(requests, nanos);
    }

    private void loaded(List<? extends Request<?>> requests, long nanos) {
        stats.loaded(nanos);
        slowLoads.ended(requests, nanos);
        failures.remove(requests);
        if (requests.size() == 1) {
            early.loaded(nanos);
        }
    }

    @FunctionalInterface
    private interface Load<T extends @Nullable Object> {

        T run(LoadScope scope, Stamp stamp) throws Exception;
    }
}
