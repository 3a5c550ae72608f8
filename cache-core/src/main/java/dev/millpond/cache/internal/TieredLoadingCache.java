package dev.millpond.cache.internal;

import dev.millpond.cache.CacheResult;
import dev.millpond.cache.LoadingBatch;
import dev.millpond.cache.LoadingCache;
import dev.millpond.cache.Warmer;
import dev.millpond.cache.internal.Bulkhead.Permit;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A cache in two levels with a loader of its own.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
final class TieredLoadingCache<K, V> extends TieredCache<K, V> implements LoadingCache<K, V> {

    private final ManyLoader<K, V> loaders;
    private final Loader<K, V> loader;

    /** Apart from those of reads, which may be answered without a load. */
    private final SingleFlight<K, V> refreshes;

    private final RefreshAhead<K, V> ahead;

    TieredLoadingCache(CacheParts<K, V> parts, ManyLoader<K, V> loaders) {
        super(parts);
        this.loaders = loaders;
        this.loader = loaders.one();
        this.refreshes = parts.flights().another();
        this.ahead = new RefreshAhead<>(beyond, loader);
    }

    @Override
    public V get(K key) {
        return required(read(key, loader));
    }

    @Override
    public Optional<V> find(K key) {
        return optional(read(key, loader));
    }

    @Override
    public CacheResult<V> lookup(K key) {
        return parts.resultOf(read(key, loader));
    }

    /** What the loader of a single call had loaded is not this cache's to load anew. */
    @Override
    @SuppressWarnings("ReferenceEquality") // Which loader it is decides, not what it does.
    void refreshAhead(K key, Entry<V> seen, Loader<? super K, ? extends V> reader) {
        if (reader == loader) {
            ahead.begin(key, seen);
        }
    }

    @Override
    public Map<K, V> getAll(Collection<? extends K> keys) {
        return new BulkRead<>(this, loaders).values(keys);
    }

    @Override
    public LoadingBatch<K, V> batch() {
        return new TieredLoadingBatch<>(this, BatchSettings.of(name()), loaders);
    }

    @Override
    @SuppressWarnings("NullAway") // The stage carries null for an absent value, as its documentation says.
    public CompletableFuture<V> getAsync(K key) {
        Answer<V> hit = local.lookup(key);
        if (hit != null) {
            return CompletableFuture.completedFuture(
                    answered(key, hit, loader).entry().value());
        }
        try {
            parts.requestFor(key);
        } catch (RuntimeException e) { // a read that must fail needs no thread to do so
            return CompletableFuture.failedFuture(e);
        }
        // A load that waited for a thread of a pool might wait for one that waits for it.
        Executor executor =
                LoadScope.active() ? Runnable::run : parts.registry().executor();
        try {
            return CompletableFuture.supplyAsync(() -> read(key, loader).entry().value(), executor);
        } catch (RuntimeException | Error e) { // of the executor, which may have no thread
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public Optional<V> refresh(K key) {
        Request<K> request = parts.requestFor(key);
        Refresh refresh = new Refresh();
        boolean shared = parts.allowed().uses(request);
        Answer<V> answer = shared ? parts.share(refreshes, request, refresh) : parts.beside(request, refresh);
        return optional(parts.answered(answer));
    }

    @Override
    public Warmer.Builder warmer(Supplier<? extends Stream<? extends K>> keys) {
        return parts.registry().warmers().customize(name(), new WarmerBuilder<>(this, keys));
    }

    /** Tells whether one call of the source gives the values of many keys. */
    boolean loadsTogether() {
        return loaders.atOnce();
    }

    /**
     * Begins a load of keys that nobody has asked for.
     *
     * @param anew whether to load also what is fresh
     * @param failed is told of each key that failed and has nothing to answer
     */
    BackgroundLoad<K, V> backgroundLoad(boolean anew, BiConsumer<K, RuntimeException> failed) {
        return new BackgroundLoad<>(this, loaders, anew, failed);
    }

    /** One caller's load of what the cache may have. */
    private final class Refresh implements SingleFlight.Read<K, V> {

        @Override
        public Answer<V> now(Request<K> attempt) {
            Duration patience = parts.limits().patience(false);
            Found<V> found = beyond.awaited(attempt, remote.lookup(attempt).asReplaceable());
            try (Permit permit = beyond.permit(found, patience)) {
                if (permit == null) {
                    throw parts.bulkhead().refusal(patience);
                }
                Found<V> lease = remote.lease(attempt, found.asReplaceable());
                return beyond.loadAndKeep(
                        attempt, lease.asReplaceable(), replacing -> parts.load(replacing, permit, loader));
            }
        }

        /** Without a look at Redis, where the other caller may have the lease. */
        @Override
        public Answer<V> beside(Request<K> attempt) {
            return beyond.loadAndKeep(
                    attempt,
                    Found.of(Found.Kind.NOT_ASKED),
                    replacing -> parts.loads().load(replacing, loader));
        }
    }
}
