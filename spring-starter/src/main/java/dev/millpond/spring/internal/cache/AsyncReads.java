package dev.millpond.spring.internal.cache;

import dev.millpond.cache.CacheLoadException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Reads one cache for methods that return futures; thread-safe.
 *
 * <p>A read waits for Redis and for the future of its method, so each has a thread of its own meanwhile: a bounded pool
 * would be stuck once all its threads wait for methods that read other caches. Of callers that want the same key only
 * one takes a thread; the others look again when it is done, since what it read may have been evicted before they came.
 */
final class AsyncReads {

    private final Executor threads;
    private final UnaryOperator<Runnable> context;
    private final BooleanSupplier sharing;
    private final ConcurrentMap<Object, CompletableFuture<@Nullable Object>> running = new ConcurrentHashMap<>();

    /**
     * Creates it.
     *
     * @param context lets a task run in the context of whoever makes it
     * @param sharing whether callers of one key share a load now, whichever key it is: a cache that is off for some
     *     keys gives each call its own
     */
    AsyncReads(Executor threads, UnaryOperator<Runnable> context, BooleanSupplier sharing) {
        this.threads = threads;
        this.context = context;
        this.sharing = sharing;
    }

    /** Runs a read on another thread; fails if there is none. */
    <T extends @Nullable Object> CompletableFuture<T> run(Supplier<T> read) {
        Reading<T> reading = new Reading<>(read);
        reading.begin();
        return reading.answer;
    }

    /**
     * Runs a read on another thread, after another caller's read of the same key; shares its failure.
     *
     * <p>Callers may cancel what they get: it is theirs alone, and the read goes on for the others.
     */
    CompletableFuture<@Nullable Object> share(Object key, Supplier<@Nullable Object> read) {
        if (!sharing.getAsBoolean()) {
            return run(read);
        }
        Reading<@Nullable Object> reading = new Reading<>(read);
        CompletableFuture<@Nullable Object> other = running.putIfAbsent(key, reading.answer);
        if (other != null) {
            var unused = other.whenComplete(reading::beginAfter);
            return reading.answer;
        }
        CompletableFuture<@Nullable Object> ofCaller = reading.answer.copy();
        reading.ended = () -> running.remove(key, reading.answer);
        reading.begin();
        return ofCaller;
    }

    /** One caller's read, in the context of whoever makes this. */
    private final class Reading<T extends @Nullable Object> {

        private final CompletableFuture<T> answer = new CompletableFuture<>();
        private final Runnable task;
        private Runnable ended = () -> {};

        Reading(Supplier<T> read) {
            this.task = context.apply(() -> run(read));
        }

        void begin() {
            try {
                threads.execute(task);
            } catch (RuntimeException | Error e) { // there may be no more threads
                end(() -> answer.completeExceptionally(e));
            }
        }

        void beginAfter(@Nullable Object value, @Nullable Throwable failure) {
            if (failure == null) {
                begin();
            } else {
                answer.completeExceptionally(failure);
            }
        }

        private void run(Supplier<T> read) {
            try {
                T value = unwrapped(read);
                end(() -> answer.complete(value));
            } catch (Throwable e) { // somebody waits
                end(() -> answer.completeExceptionally(
                        e instanceof CompletionException ? e : new CompletionException(e)));
            }
        }

        /** Nobody waits for this from then on. */
        private void end(Runnable completion) {
            ended.run();
            completion.run();
        }
    }

    /** Returns what a future gives; throws what it failed with. */
    static <T> @Nullable T await(Supplier<CompletableFuture<T>> future) throws Exception {
        try {
            return future.get().get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception failure) {
                throw failure;
            }
            throw e;
        }
    }

    /** Returns what the loader threw, or the exception itself if it was not asked. */
    static Throwable failure(CacheLoadException e) {
        return e.getCause() != null ? e.getCause() : e;
    }

    private static <T extends @Nullable Object> T unwrapped(Supplier<T> read) {
        try {
            return read.get();
        } catch (CacheLoadException e) {
            throw new CompletionException(failure(e));
        }
    }
}
