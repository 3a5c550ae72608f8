package dev.millpond.cache.internal;

import dev.millpond.cache.internal.Found.Kind;
import dev.millpond.cache.spi.CacheStore;
import dev.millpond.cache.spi.CacheStore.ConditionalPut;
import dev.millpond.cache.spi.CacheStore.Put;
import dev.millpond.cache.spi.InvalidationLog.Check;
import dev.millpond.runtime.spi.NetworkThreads;
import dev.millpond.runtime.spi.RedisUnavailableException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The second level over a {@link CacheStore}.
 *
 * @param <V> the type of values
 */
final class StoreTier<V> implements RemoteTier<V> {

    private final CacheStore store;
    private final StoreKeys keys;
    private final EntryCodec<V> codec;
    private final Leases<V> leases;
    private final Supplier<Check> checks;
    private final StatsCounter stats;

    /**
     * Creates the level.
     *
     * @param checks begins what a look-up has to pass beside it
     */
    StoreTier(
            CacheStore store,
            StoreKeys keys,
            EntryCodec<V> codec,
            LeaseWait leaseWait,
            Supplier<Check> checks,
            StatsCounter stats) {
        this.store = store;
        this.checks = checks;
        this.keys = keys;
        this.codec = codec;
        this.leases = new Leases<>(store, keys, codec, leaseWait, this::lookup);
        this.stats = stats;
    }

    @Override
    public Found<V> lookup(Request<?> request) {
        if (!codec.trusted()) {
            return Found.of(Kind.AWAY);
        }
        try {
            Check check = checks.get();
            byte @Nullable [] stored = store.get(keys.of(request));
            return check.passed() ? codec.found(request, stored) : Found.of(Kind.AWAY);
        } catch (RedisUnavailableException e) {
            return Found.of(Kind.AWAY);
        }
    }

    @Override
    public List<Found<V>> lookupAll(List<? extends Request<?>> requests) {
        if (!codec.trusted()) {
            return away(requests.size());
        }
        try {
            Check check = checks.get();
            List<byte @Nullable []> stored = store.getAll(keys.of(requests));
            return check.passed() ? codec.found(requests, stored) : away(requests.size());
        } catch (RedisUnavailableException e) {
            return away(requests.size());
        }
    }

    @Override
    public Found<V> lease(Request<?> request, Found<V> found) {
        try {
            return leases.obtain(request, found);
        } catch (RedisUnavailableException e) {
            return Found.of(Kind.AWAY);
        }
    }

    @Override
    public boolean isRefreshedElsewhere(Found<V> hit) {
        return codec.isRefreshedElsewhere(hit.requirePrefix());
    }

    @Override
    public List<Found<V>> leaseAll(List<? extends Request<?>> requests, List<Found<V>> found) {
        return new BulkLeases<>(leases, requests, found).obtain();
    }

    @Override
    public Outcome store(Request<?> request, Found<V> lease, Entry<V> entry) {
        return storeAll(List.of(request), List.of(lease), List.of(entry)).get(0);
    }

    @Override
    public List<Outcome> storeAll(
            List<? extends Request<?>> requests, List<Found<V>> obtained, List<Entry<V>> entries) {
        List<Outcome> outcomes = new ArrayList<>(
                obtained.stream().map(StoreTier::outcomeUnlessSent).toList());
        Writes writes = new Writes(store, stats);
        for (int i = 0; i < requests.size(); i++) {
            add(writes, i, keys.of(requests.get(i)), obtained.get(i), entries.get(i));
        }
        writes.send((place, stored) -> outcomes.set(place, stored ? Outcome.STORED : Outcome.REJECTED));
        releaseUnsent(requests, obtained, outcomes);
        return outcomes;
    }

    /** Where Redis has the payload, its header is enough. */
    private void add(Writes writes, int place, String key, Found<V> lease, Entry<V> entry) {
        if (!lease.isReplaceable()) {
            return;
        }
        byte[] header = codec.encodeHeader(lease.entry(), entry);
        byte[] bytes = header == null ? codec.encode(entry) : header;
        if (bytes != null) {
            ConditionalPut put = new ConditionalPut(key, lease.requirePrefix(), bytes, codec.storageTime(entry));
            writes.add(place, put, header != null);
        }
    }

    private static Outcome outcomeUnlessSent(Found<?> obtained) {
        return obtained.kind() == Kind.UNLEASED ? Outcome.REJECTED : Outcome.LOCAL_ONLY;
    }

    /** Redis has the leases of what could not be sent, or was sent in vain, and they would hold everybody off. */
    private void releaseUnsent(List<? extends Request<?>> requests, List<Found<V>> obtained, List<Outcome> outcomes) {
        List<Integer> unsent = IntStream.range(0, outcomes.size())
                .filter(i -> outcomes.get(i) == Outcome.LOCAL_ONLY)
                .boxed()
                .toList();
        leases.releaseAll(
                unsent.stream().<Request<?>>map(requests::get).toList(),
                unsent.stream().map(obtained::get).toList());
    }

    @Override
    public void release(Request<?> request, Found<V> lease) {
        leases.release(request, lease);
    }

    @Override
    public void releaseAll(List<? extends Request<?>> requests, List<Found<V>> obtained) {
        leases.releaseAll(requests, obtained);
    }

    @Override
    public void discardAll(List<? extends Request<?>> requests, List<Found<V>> obtained) {
        leases.discardAll(requests, obtained);
    }

    @Override
    public void put(Request<?> request, Entry<V> entry) {
        try {
            byte[] bytes = codec.encode(entry);
            if (bytes == null) {
                store.remove(List.of(keys.of(request)));
            } else {
                store.put(keys.of(request), bytes, codec.storageTime(entry));
            }
        } catch (RedisUnavailableException e) {
            // What Redis still has is older than the invalidation that every put records.
        }
    }

    @Override
    public boolean putAll(List<? extends Request<?>> requests, List<@Nullable Entry<V>> entries) {
        List<Put> puts = new ArrayList<>();
        List<String> without = new ArrayList<>();
        for (int i = 0; i < requests.size(); i++) {
            Entry<V> entry = entries.get(i);
            String key = keys.of(requests.get(i));
            byte @Nullable [] bytes = entry == null ? null : codec.encode(entry);
            if (entry == null || bytes == null) {
                without.add(key);
            } else {
                puts.add(new Put(key, bytes, codec.storageTime(entry)));
            }
        }
        return replace(puts, without);
    }

    private boolean replace(List<Put> puts, List<String> without) {
        try {
            CompletionStage<?> removed =
                    without.isEmpty() ? CompletableFuture.completedStage(null) : store.remove(without);
            if (!puts.isEmpty()) {
                store.putAll(puts);
            }
            return isDone(removed);
        } catch (RedisUnavailableException | CompletionException e) {
            return false;
        }
    }

    /** Waits for a removal, and returns false where it would have to wait for itself. */
    private static boolean isDone(CompletionStage<?> removed) {
        NetworkThreads.awaitElsewhere(removed);
        return removed.toCompletableFuture().isDone();
    }

    @Override
    public CompletionStage<?> remove(Collection<String> keyTexts) {
        try {
            return store.remove(keyTexts.stream().map(keys::of).toList()).exceptionally(e -> null);
        } catch (RedisUnavailableException e) {
            return CompletableFuture.completedStage(null);
        }
    }

    private List<Found<V>> away(int count) {
        return Collections.nCopies(count, Found.of(Kind.AWAY));
    }
}
