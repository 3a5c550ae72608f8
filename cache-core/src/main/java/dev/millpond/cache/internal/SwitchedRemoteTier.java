package dev.millpond.cache.internal;

import dev.millpond.cache.internal.Found.Kind;
import dev.millpond.runtime.spi.NetworkThreads;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The second level, as far as the switch of the cache allows.
 *
 * <p>The switch is looked at with each step, so that a read which began before a change stores nothing after it. What
 * is removed is always removed, and leases are always given back.
 *
 * @param <V> the type of values
 */
record SwitchedRemoteTier<V>(RemoteTier<V> tier, CacheSwitch allowed) implements RemoteTier<V> {

    @Override
    public Found<V> lookup(Request<?> request) {
        return allowed.asksRedis(request) ? tier.lookup(request) : Found.of(Kind.NOT_ASKED);
    }

    @Override
    public List<Found<V>> lookupAll(List<? extends Request<?>> requests) {
        return !requests.isEmpty() && requests.stream().allMatch(allowed::asksRedis)
                ? tier.lookupAll(requests)
                : Collections.nCopies(requests.size(), Found.of(Kind.NOT_ASKED));
    }

    @Override
    public Found<V> known(Request<?> request) {
        return tier.lookup(request);
    }

    @Override
    public Found<V> lease(Request<?> request, Found<V> found) {
        return allowed.storesInRedis(request) ? tier.lease(request, found) : withoutLease(found);
    }

    @Override
    public boolean isRefreshedElsewhere(Found<V> hit) {
        return tier.isRefreshedElsewhere(hit);
    }

    @Override
    public List<Found<V>> leaseAll(List<? extends Request<?>> requests, List<Found<V>> found) {
        return requests.stream().allMatch(allowed::storesInRedis)
                ? tier.leaseAll(requests, found)
                : found.stream().map(SwitchedRemoteTier::withoutLease).toList();
    }

    /** Whoever has a lease already keeps it, to give it back at the end. */
    private static <V> Found<V> withoutLease(Found<V> found) {
        boolean stays = found.isAnswer() || found.isMine() || found.isAway();
        return stays ? found : new Found<>(Kind.NOT_ASKED, found.entry(), null);
    }

    @Override
    public Outcome store(Request<?> request, Found<V> lease, Entry<V> entry) {
        if (allowed.storesInRedis(request)) {
            return tier.store(request, lease, entry);
        }
        tier.release(request, lease);
        return Outcome.LOCAL_ONLY;
    }

    @Override
    public List<Outcome> storeAll(List<? extends Request<?>> requests, List<Found<V>> leases, List<Entry<V>> entries) {
        if (requests.stream().allMatch(allowed::storesInRedis)) {
            return tier.storeAll(requests, leases, entries);
        }
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < requests.size(); i++) {
            outcomes.add(store(requests.get(i), leases.get(i), entries.get(i)));
        }
        return outcomes;
    }

    @Override
    public void release(Request<?> request, Found<V> lease) {
        tier.release(request, lease);
    }

    @Override
    public void releaseAll(List<? extends Request<?>> requests, List<Found<V>> leases) {
        tier.releaseAll(requests, leases);
    }

    @Override
    public void discardAll(List<? extends Request<?>> requests, List<Found<V>> leases) {
        tier.discardAll(requests, leases);
    }

    /** What Redis has is older than what was to be put, so it goes where that may not take its place. */
    @Override
    public void put(Request<?> request, Entry<V> entry) {
        if (allowed.storesInRedis(request)) {
            tier.put(request, entry);
        } else {
            NetworkThreads.awaitElsewhere(tier.remove(List.of(request.text())));
        }
    }

    /** As with one, entries that Redis may not keep are removed from it. */
    @Override
    public boolean putAll(List<? extends Request<?>> requests, List<@Nullable Entry<V>> entries) {
        List<@Nullable Entry<V>> kept = new ArrayList<>(entries);
        for (int i = 0; i < kept.size(); i++) {
            if (!allowed.storesInRedis(requests.get(i))) {
                kept.set(i, null);
            }
        }
        return tier.putAll(requests, kept);
    }

    @Override
    public CompletionStage<?> remove(Collection<String> keyTexts) {
        return tier.remove(keyTexts);
    }
}
