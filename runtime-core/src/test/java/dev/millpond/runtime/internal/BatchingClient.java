package dev.millpond.runtime.internal;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RBatch;
import org.redisson.api.RedissonClient;
import org.redisson.misc.CompletableFutureWrapper;

/** A client that makes batches whose ends are the test's; its commands are never touched. */
final class BatchingClient {

    /** The batches that were sent, in order; the test ends them. */
    final List<CompletableFuture<Object>> batches = new ArrayList<>();

    /** What to throw instead of sending the next batch. */
    final AtomicReference<@Nullable RuntimeException> refusal = new AtomicReference<>();

    private boolean endsAtOnce;

    /** Ends batches as soon as they are sent. */
    void endBatchesAtOnce() {
        endsAtOnce = true;
    }

    RedissonClient client() {
        return proxy(RedissonClient.class, "createBatch", this::batch);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // A proxy is untyped.
    private RBatch batch() {
        return proxy(RBatch.class, "executeAsync", this::send);
    }

    private CompletableFutureWrapper<Object> send() {
        RuntimeException refused = refusal.getAndSet(null);
        if (refused != null) {
            throw refused;
        }
        CompletableFuture<Object> end = new CompletableFuture<>();
        batches.add(end);
        if (endsAtOnce) {
            end.complete("done");
        }
        return new CompletableFutureWrapper<>(end);
    }

    private static <T> T proxy(Class<T> type, String only, Supplier<?> answer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    if (!method.getName().equals(only)) {
                        throw new AssertionError("the test's command calls " + method);
                    }
                    return answer.get();
                }));
    }
}
