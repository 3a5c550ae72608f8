package dev.millpond.cache.internal;

import dev.millpond.cache.internal.Found.Kind;
import dev.millpond.cache.spi.CacheStore;
import dev.millpond.cache.spi.CacheStore.ConditionalDrop;
import dev.millpond.cache.spi.CacheStore.ConditionalPut;
import dev.millpond.cache.spi.CacheStore.PrefixChange;
import dev.millpond.runtime.spi.RedisUnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * The right of one caller in the fleet to load a key, which is kept in the entry's own key.
 *
 * @param store where entries are
 * @param keys under which keys
 * @param codec what they mean
 * @param leaseWait how a caller waits for another one's lease
 * @param lookup looks a key up once more
 * @param <V> the type of values
 */
record Leases<V>(
        CacheStore store,
        StoreKeys keys,
        EntryCodec<V> codec,
        LeaseWait leaseWait,
        Function<Request<?>, Found<V>> lookup) {

    /**
     * Obtains the right to load a key, waiting while somebody else has it.
     *
     * @throws RedisUnavailableException if Redis does not answer in time
     */
    Found<V> obtain(Request<?> request, Found<V> found) {
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
    }

    /** Gives the right to load back, without waiting; what answers past its time to live stays. */
    void release(Request<?> request, Found<V> lease) {
        releaseAll(List.of(request), List.of(lease));
    }

    /** Gives the right to load many keys back, in one step per kind. */
    void releaseAll(List<? extends Request<?>> requests, List<Found<V>> leases) {
        List<ConditionalDrop> drops = new ArrayList<>();
        List<PrefixChange> changes = new ArrayList<>();
        for (int i = 0; i < requests.size(); i++) {
            if (leases.get(i).kind() == Kind.MINE) {
                String key = keys.of(requests.get(i));
                byte[] prefix = leases.get(i).requirePrefix();
                if (Token.isRefresh(prefix)) {
                    changes.add(new PrefixChange(key, prefix, codec.newValuePrefix()));
                } else {
                    drops.add(new ConditionalDrop(key, prefix));
                }
            }
        }
        dropAll(drops);
        giveBack(changes);
    }

    /** Gives the right to load many keys back, and leaves nothing of them behind. */
    void discardAll(List<? extends Request<?>> requests, List<Found<V>> leases) {
        dropAll(IntStream.range(0, requests.size())
                .filter(i -> leases.get(i).isReplaceable())
                .mapToObj(i -> new ConditionalDrop(
                        keys.of(requests.get(i)), leases.get(i).requirePrefix()))
                .toList());
    }

    /** Removes leases, without waiting: one that cannot be removed expires by itself. */
    void dropAll(List<ConditionalDrop> drops) {
        if (!drops.isEmpty()) {
            var unused = store.dropAllIf(drops);
        }
    }

    private void giveBack(List<PrefixChange> claimed) {
        if (!claimed.isEmpty()) {
            var unused = store.replacePrefixes(claimed);
        }
    }

    private Found<V> claim(Request<?> request, Found<V> stale) {
        PrefixChange change = claimOf(request, stale);
        return claimAll(List.of(change)).get(0) ? stale.asMine(change.prefix()) : lookup.apply(request);
    }

    /** Returns the change by which this node takes it on to load an entry anew. */
    PrefixChange claimOf(Request<?> request, Found<V> stale) {
        return new PrefixChange(keys.of(request), stale.requirePrefix(), codec.newRefresh());
    }

    /** Claims entries, and waits for the answers. */
    List<Boolean> claimAll(List<PrefixChange> claims) {
        try {
            return store.replacePrefixes(claims).toCompletableFuture().join();
        } catch (CompletionException e) {
            // As with leases; here the others would go on answering past the time to live.
            giveBack(claims.stream()
                    .map(claim -> new PrefixChange(claim.key(), claim.prefix(), codec.newValuePrefix()))
                    .toList());
            throw new RedisUnavailableException("Redis did not let this node claim what it is to load anew.", e);
        }
    }

    private Found<V> getOrLease(Request<?> request) {
        String key = keys.of(request);
        byte[] lease = codec.newLease();
        try {
            return codec.leased(request, store.getOrLease(key, lease, leaseWait.leaseTime()), lease);
        } catch (RedisUnavailableException e) {
            // The lease may have been stored all the same, and would hold everybody off.
            dropAll(List.of(new ConditionalDrop(key, lease)));
            throw e;
        }
    }

    private Found<V> await(LeaseWait.Turn turn, Request<?> request, Found<V> leased) {
        if (turn.announce(leased.requirePrefix())) {
            return getOrLease(request);
        }
        return turn.pause() ? lookup.apply(request) : afterWait(turn, leased);
    }

    /** A token that outlived the longest lease is nobody's: it is replaced, by whoever is first. */
    private Found<V> afterWait(LeaseWait.Turn turn, Found<V> leased) {
        byte[] prefix = leased.requirePrefix();
        return turn.isFirstSeen(prefix) ? Found.of(Kind.INVALID, prefix) : Found.of(Kind.UNLEASED);
    }

    private Found<V> replaceByLease(Request<?> request, Found<V> invalid) {
        ConditionalPut put = replacementByLease(request, invalid);
        try {
            return store.putIf(put) ? invalid.asLeased(put.bytes()) : lookup.apply(request);
        } catch (RedisUnavailableException e) {
            // As with a lease where nothing was.
            dropAll(List.of(dropOf(put)));
            throw e;
        }
    }

    /** Returns the removal of a lease that replaced something invalid. */
    static ConditionalDrop dropOf(ConditionalPut replacement) {
        return new ConditionalDrop(replacement.key(), replacement.bytes());
    }

    /** Returns the replacement of something invalid by a lease. */
    ConditionalPut replacementByLease(Request<?> request, Found<V> invalid) {
        return new ConditionalPut(keys.of(request), invalid.requirePrefix(), codec.newLease(), leaseWait.leaseTime());
    }
}
