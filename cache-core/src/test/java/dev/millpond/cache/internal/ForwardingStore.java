package dev.millpond.cache.internal;

import dev.millpond.cache.spi.CacheStore;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Passes on what it is asked, for tests that watch or change a part of it. */
public class ForwardingStore implements CacheStore {

    private final CacheStore store;

    protected ForwardingStore(CacheStore store) {
        this.store = store;
    }

    @Override
    public byte @Nullable [] get(String key) {
        return store.get(key);
    }

    @Override
    public List<byte @Nullable []> getAll(List<String> keys) {
        return store.getAll(keys);
    }

    @Override
    public byte @Nullable [] getOrLease(String key, byte[] lease, Duration leaseTime) {
        return store.getOrLease(key, lease, leaseTime);
    }

    @Override
    public List<byte @Nullable []> getOrLeaseAll(List<String> keys, List<byte[]> leases, Duration leaseTime) {
        return store.getOrLeaseAll(keys, leases, leaseTime);
    }

    @Override
    public boolean putIf(ConditionalPut put) {
        return store.putIf(put);
    }

    @Override
    public List<Boolean> putAllIf(List<ConditionalPut> puts) {
        return store.putAllIf(puts);
    }

    @Override
    public void put(String key, byte[] bytes, Duration timeToLive) {
        store.put(key, bytes, timeToLive);
    }

    @Override
    public void putAll(List<Put> puts) {
        store.putAll(puts);
    }

    @Override
    public CompletionStage<?> dropAllIf(List<ConditionalDrop> drops) {
        return store.dropAllIf(drops);
    }

    @Override
    public CompletionStage<?> remove(Collection<String> keys) {
        return store.remove(keys);
    }

    @Override
    public CompletionStage<List<Boolean>> replacePrefixes(List<PrefixChange> changes) {
        return store.replacePrefixes(changes);
    }

    @Override
    public void onRelease(Consumer<String> listener) {
        store.onRelease(listener);
    }
}
