package dev.millpond.cache.internal;

import dev.millpond.cache.internal.Found.Kind;
import dev.millpond.cache.spi.CacheStore;
import dev.millpond.cache.spi.CacheStore.ConditionalPut;
import dev.millpond.cache.spi.CacheStore.PrefixChange;
import dev.millpond.cache.spi.InvalidationLog.Check;
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
    private final LeaseWait leaseWait;
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
        this.leaseWait = leaseWait;
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
            Found<V> current = found;
            LeaseWait.Turn turn = leaseWait.begin(keys.of(request), found.prefix());
            while (true) {
                switch (current.kind()) {
                    case NOTHING -> current = getOrLease(request);
                    case INVALID -> current = replaceByLease(request, current);
                    case STALE -> current = claim(request, current);
                    case LEASED_ELSEWHERE -> current = await(turn, request, current);
                    default -> {
                        return current;
                    }
                }
            }
        } catch (RedisUnavailableException e) {
            return Found.of(Kind.AWAY);
        }
    }

    @Override
    public List<Found<V>> leaseAll(List<? extends Request<?>> requests, List<Found<V>> found) {
        List<Found<V>> leased = new ArrayList<>(found);
        try {
            leaseMissing(requests, leased);
            replaceInvalid(requests, leased);
            claimStale(requests, leased);
        } catch (RedisUnavailableException e) {
            leased.replaceAll(each -> each.isToBeLeased() ? Found.of(Kind.AWAY) : each);
        }
        return leased;
    }

    @Override
    public Outcome store(Request<?> request, Found<V> lease, Entry<V> entry) {
        return storeAll(List.of(request), List.of(lease), List.of(entry)).get(0);
    }

    @Override
    public List<Outcome> storeAll(List<? extends Request<?>> requests, List<Found<V>> leases, List<Entry<V>> entries) {
        List<Outcome> outcomes = new ArrayList<>(Collections.nCopies(requests.size(), Outcome.LOCAL_ONLY));
        List<Integer> places = new ArrayList<>();
        List<ConditionalPut> puts = new ArrayList<>();
        for (int i = 0; i < requests.size(); i++) {
            ConditionalPut put = conditionalPut(requests.get(i), leases.get(i), entries.get(i));
            if (put != null) {
                places.add(i);
                puts.add(put);
            } else if (leases.get(i).kind() == Kind.UNLEASED) {
                outcomes.set(i, Outcome.REJECTED);
            }
        }
        List<Boolean> stored = send(puts);
        for (int i = 0; i < stored.size(); i++) {
            outcomes.set(places.get(i), stored.get(i) ? Outcome.STORED : Outcome.REJECTED);
        }
        return outcomes;
    }

    @Override
    public void release(Request<?> request, Found<V> lease) {
        if (lease.kind() != Kind.MINE) {
            return;
        }
        byte[] prefix = lease.requirePrefix();
        if (Token.isRefresh(prefix)) {
            var unused =
                    store.replacePrefixes(List.of(new PrefixChange(keys.of(request), prefix, codec.newValuePrefix())));
        } else {
            drop(request, prefix);
        }
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
    public CompletionStage<?> remove(Collection<String> keyTexts) {
        try {
            return store.remove(keyTexts.stream().map(keys::of).toList()).exceptionally(e -> null);
        } catch (RedisUnavailableException e) {
            return CompletableFuture.completedStage(null);
        }
    }

    private void leaseMissing(List<? extends Request<?>> requests, List<Found<V>> found) {
        List<Integer> missing = places(found, Kind.NOTHING);
        if (missing.isEmpty()) {
            return;
        }
        List<byte[]> leases = missing.stream().map(i -> codec.newLease()).toList();
        List<String> missingKeys =
                missing.stream().map(i -> keys.of(requests.get(i))).toList();
        List<byte @Nullable []> answers = store.getOrLeaseAll(missingKeys, leases, leaseWait.leaseTime());
        for (int i = 0; i < missing.size(); i++) {
            Request<?> request = requests.get(missing.get(i));
            found.set(missing.get(i), codec.leased(request, answers.get(i), leases.get(i)));
        }
    }

    /** Leaves those that somebody else replaced meanwhile as they are; the caller looks at them again. */
    private void replaceInvalid(List<? extends Request<?>> requests, List<Found<V>> found) {
        List<Integer> invalid = places(found, Kind.INVALID);
        if (invalid.isEmpty()) {
            return;
        }
        List<ConditionalPut> puts = invalid.stream()
                .map(i -> replacementByLease(requests.get(i), found.get(i)))
                .toList();
        List<Boolean> replaced = store.putAllIf(puts);
        for (int i = 0; i < puts.size(); i++) {
            if (replaced.get(i)) {
                found.set(invalid.get(i), Found.of(Kind.MINE, puts.get(i).bytes()));
            }
        }
    }

    /** Leaves those that somebody else claimed meanwhile as leased elsewhere; the caller looks at them again. */
    private void claimStale(List<? extends Request<?>> requests, List<Found<V>> found) {
        List<Integer> stale = places(found, Kind.STALE);
        if (stale.isEmpty()) {
            return;
        }
        List<PrefixChange> changes =
                stale.stream().map(i -> claimOf(requests.get(i), found.get(i))).toList();
        List<Boolean> claimed = replacePrefixes(changes);
        for (int i = 0; i < changes.size(); i++) {
            Found<V> each = found.get(stale.get(i));
            found.set(
                    stale.get(i),
                    claimed.get(i)
                            ? each.asMine(changes.get(i).prefix())
                            : Found.of(Kind.LEASED_ELSEWHERE, each.requirePrefix()));
        }
    }

    private Found<V> claim(Request<?> request, Found<V> stale) {
        PrefixChange change = claimOf(request, stale);
        return replacePrefixes(List.of(change)).get(0) ? stale.asMine(change.prefix()) : lookup(request);
    }

    private PrefixChange claimOf(Request<?> request, Found<V> stale) {
        return new PrefixChange(keys.of(request), stale.requirePrefix(), codec.newRefresh(leaseWait.leaseTime()));
    }

    private List<Boolean> replacePrefixes(List<PrefixChange> changes) {
        try {
            return store.replacePrefixes(changes).toCompletableFuture().join();
        } catch (CompletionException e) {
            throw new RedisUnavailableException("Redis did not let this node claim what it is to load anew.", e);
        }
    }

    private List<Integer> places(List<Found<V>> found, Kind kind) {
        return IntStream.range(0, found.size())
                .filter(i -> found.get(i).kind() == kind)
                .boxed()
                .toList();
    }

    private Found<V> getOrLease(Request<?> request) {
        byte[] lease = codec.newLease();
        try {
            return codec.leased(request, store.getOrLease(keys.of(request), lease, leaseWait.leaseTime()), lease);
        } catch (RedisUnavailableException e) {
            // The lease may have been stored all the same, and would hold everybody off.
            drop(request, lease);
            throw e;
        }
    }

    /** Without waiting: a lease that cannot be removed expires by itself. */
    private void drop(Request<?> request, byte[] lease) {
        var unused = store.dropIf(keys.of(request), lease);
    }

    private Found<V> await(LeaseWait.Turn turn, Request<?> request, Found<V> leased) {
        if (turn.announce()) {
            return getOrLease(request);
        }
        return turn.pause() ? lookup(request) : afterWait(turn, leased);
    }

    /** A token that outlived the longest lease is nobody's: it is replaced, by whoever is first. */
    private Found<V> afterWait(LeaseWait.Turn turn, Found<V> leased) {
        byte[] prefix = leased.requirePrefix();
        return turn.isFirstSeen(prefix) ? Found.of(Kind.INVALID, prefix) : Found.of(Kind.UNLEASED);
    }

    private Found<V> replaceByLease(Request<?> request, Found<V> invalid) {
        ConditionalPut put = replacementByLease(request, invalid);
        return store.putIf(put) ? Found.of(Kind.MINE, put.bytes()) : lookup(request);
    }

    private ConditionalPut replacementByLease(Request<?> request, Found<V> invalid) {
        return new ConditionalPut(keys.of(request), invalid.requirePrefix(), codec.newLease(), leaseWait.leaseTime());
    }

    private @Nullable ConditionalPut conditionalPut(Request<?> request, Found<V> lease, Entry<V> entry) {
        if (lease.kind() != Kind.MINE && lease.kind() != Kind.STALE) {
            return null;
        }
        byte[] bytes = codec.encode(entry);
        if (bytes == null) {
            release(request, lease);
            return null;
        }
        return new ConditionalPut(keys.of(request), lease.requirePrefix(), bytes, codec.storageTime(entry));
    }

    private List<Boolean> send(List<ConditionalPut> puts) {
        if (puts.isEmpty()) {
            return List.of();
        }
        try {
            List<Boolean> stored = puts.size() == 1 ? List.of(store.putIf(puts.get(0))) : store.putAllIf(puts);
            stored.stream().filter(done -> !done).forEach(rejected -> stats.storeRejected());
            return stored;
        } catch (RedisUnavailableException e) {
            return List.of();
        }
    }

    private List<Found<V>> away(int count) {
        return Collections.nCopies(count, Found.of(Kind.AWAY));
    }
}
