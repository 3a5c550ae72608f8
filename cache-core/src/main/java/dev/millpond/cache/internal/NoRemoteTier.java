package dev.millpond.cache.internal;

import dev.millpond.cache.internal.Found.Kind;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The second level of a registry that has none. */
final class NoRemoteTier<V> implements RemoteTier<V> {

    private final Found<V> notAsked = Found.of(Kind.NOT_ASKED);

    @Override
    public Found<V> lookup(Request<?> request) {
        return notAsked;
    }

    @Override
    public List<Found<V>> lookupAll(List<? extends Request<?>> requests) {
        return Collections.nCopies(requests.size(), notAsked);
    }

    @Override
    public Found<V> lease(Request<?> request, Found<V> found) {
        return found;
    }

    @Override
    public boolean isRefreshedElsewhere(Found<V> hit) {
        return false;
    }

    @Override
    public List<Found<V>> leaseAll(List<? extends Request<?>> requests, List<Found<V>> found) {
        return found;
    }

    @Override
    public Outcome store(Request<?> request, Found<V> lease, Entry<V> entry) {
        return Outcome.LOCAL_ONLY;
    }

    @Override
    public List<Outcome> storeAll(List<? extends Request<?>> requests, List<Found<V>> leases, List<Entry<V>> entries) {
        return Collections.nCopies(requests.size(), Outcome.LOCAL_ONLY);
    }

    @Override
    public void release(Request<?> request, Found<V> lease) {
        // Nobody else can wait.
    }

    @Override
    public void releaseAll(List<? extends Request<?>> requests, List<Found<V>> leases) {
        // Nobody else can wait.
    }

    @Override
    public void discardAll(List<? extends Request<?>> requests, List<Found<V>> leases) {
        // There is nothing to remove.
    }

    @Override
    public void put(Request<?> request, Entry<V> entry) {
        // There is nothing to put it into.
    }

    @Override
    public boolean putAll(List<? extends Request<?>> requests, List<@Nullable Entry<V>> entries) {
        return true;
    }

    @Override
    public CompletionStage<?> remove(Collection<String> keyTexts) {
        return CompletableFuture.completedStage(null);
    }
}
