package dev.millpond.cache.internal;

import dev.millpond.cache.internal.Found.Kind;
import dev.millpond.cache.spi.CacheStore.ConditionalDrop;
import dev.millpond.cache.spi.CacheStore.ConditionalPut;
import dev.millpond.cache.spi.CacheStore.PrefixChange;
import dev.millpond.runtime.spi.RedisUnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The right to load many keys, obtained in one round trip per kind of what was found, without waiting for anybody else.
 * Not thread-safe.
 *
 * @param <V> the type of values
 */
final class BulkLeases<V> {

    private final Leases<V> leases;
    private final List<? extends Request<?>> requests;
    private final List<Found<V>> found;

    BulkLeases(Leases<V> leases, List<? extends Request<?>> requests, List<Found<V>> found) {
        this.leases = leases;
        this.requests = requests;
        this.found = new ArrayList<>(found);
    }

    List<Found<V>> obtain() {
        try {
            leaseMissing();
            replaceInvalid();
            claimStale();
        } catch (RedisUnavailableException e) {
            found.replaceAll(each -> each.isToBeLeased() ? Found.of(Kind.AWAY) : each);
        }
        return found;
    }

    private void leaseMissing() {
        List<Integer> missing = places(Kind.NOTHING);
        if (missing.isEmpty()) {
            return;
        }
        List<byte[]> tokens =
                missing.stream().map(i -> leases.codec().newLease()).toList();
        List<String> missingKeys =
                missing.stream().map(i -> leases.keys().of(requests.get(i))).toList();
        List<byte @Nullable []> answers = getOrLeaseAll(missingKeys, tokens);
        for (int i = 0; i < missing.size(); i++) {
            Request<?> request = requests.get(missing.get(i));
            found.set(missing.get(i), leases.codec().leased(request, answers.get(i), tokens.get(i)));
        }
    }

    private List<byte @Nullable []> getOrLeaseAll(List<String> keys, List<byte[]> tokens) {
        try {
            return leases.store().getOrLeaseAll(keys, tokens, leases.leaseWait().leaseTime());
        } catch (RedisUnavailableException e) {
            // They may have been stored all the same, and would hold everybody off.
            leases.dropAll(IntStream.range(0, keys.size())
                    .mapToObj(i -> new ConditionalDrop(keys.get(i), tokens.get(i)))
                    .toList());
            throw e;
        }
    }

    /** Leaves those that somebody else replaced meanwhile as they are; the caller looks at them again. */
    private void replaceInvalid() {
        List<Integer> invalid = places(Kind.INVALID);
        if (invalid.isEmpty()) {
            return;
        }
        List<ConditionalPut> puts = invalid.stream()
                .map(i -> leases.replacementByLease(requests.get(i), found.get(i)))
                .toList();
        List<Boolean> replaced = putAllIf(puts);
        for (int i = 0; i < puts.size(); i++) {
            if (replaced.get(i)) {
                found.set(
                        invalid.get(i),
                        found.get(invalid.get(i)).asLeased(puts.get(i).bytes()));
            }
        }
    }

    private List<Boolean> putAllIf(List<ConditionalPut> puts) {
        try {
            return leases.store().putAllIf(puts);
        } catch (RedisUnavailableException e) {
            // As with leases where nothing was.
            leases.dropAll(puts.stream().map(Leases::dropOf).toList());
            throw e;
        }
    }

    /** Leaves those that somebody else claimed meanwhile as leased elsewhere; the caller looks at them again. */
    private void claimStale() {
        List<Integer> stale = places(Kind.STALE);
        if (stale.isEmpty()) {
            return;
        }
        List<PrefixChange> changes = stale.stream()
                .map(i -> leases.claimOf(requests.get(i), found.get(i)))
                .toList();
        List<Boolean> claimed = leases.claimAll(changes);
        for (int i = 0; i < changes.size(); i++) {
            Found<V> each = found.get(stale.get(i));
            found.set(
                    stale.get(i),
                    claimed.get(i)
                            ? each.asMine(changes.get(i).prefix())
                            : Found.of(Kind.LEASED_ELSEWHERE, each.requirePrefix()));
        }
    }

    private List<Integer> places(Kind kind) {
        return IntStream.range(0, found.size())
                .filter(i -> found.get(i).kind() == kind)
                .boxed()
                .toList();
    }
}
