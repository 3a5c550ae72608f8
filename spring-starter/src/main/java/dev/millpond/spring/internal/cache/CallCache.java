package dev.millpond.spring.internal.cache;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A cache as one call of an annotated method uses it: with the rules of the method for what it returns. */
final class CallCache extends MillpondCache {

    private final CacheCall call;
    private final boolean replaces;

    /**
     * Creates it.
     *
     * @param replaces whether a put is newer than what the cache has, as that of a {@code @CachePut} is; that of a
     *     {@code @Cacheable} is what the method loaded because nothing was there
     */
    CallCache(MillpondCache cache, CacheCall call, boolean replaces) {
        super(cache);
        this.call = call;
        this.replaces = replaces;
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> @Nullable T get(Object key, Callable<T> valueLoader) {
        return (T) read(key, valueLoader, (k, load) -> call.returned(valueLoader.call(), load));
    }

    @Override
    public <T> CompletableFuture<T> retrieve(Object key, Supplier<CompletableFuture<T>> valueLoader) {
        return asyncRead(key, (k, load) -> call.returned(AsyncReads.await(valueLoader), load));
    }

    @Override
    public void put(Object key, @Nullable Object value) {
        if (replaces) {
            replace(key, (k, load) -> call.returned(value, load));
        } else {
            read(key, () -> value, (k, load) -> call.returned(value, load));
        }
    }
}
