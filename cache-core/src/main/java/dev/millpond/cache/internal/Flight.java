package dev.millpond.cache.internal;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One read under way, led by the thread that makes it; thread-safe.
 *
 * @param <V> the type of the value
 */
final class Flight<V> {

    private volatile @Nullable Thread leader = Thread.currentThread();
    private volatile boolean handedOver;
    private final TagTable registry;
    private final String entryName;
    final Stamp stamp;
    final long begunAt;
    final long informedAt;
    private final CompletableFuture<Answer<V>> result = new CompletableFuture<>();

    /** What those who joined wait for: the result, or what the leader took meanwhile. */
    private final CompletableFuture<Answer<V>> first = new CompletableFuture<>();

    Flight(TagTable registry, Request<?> request, long begunAt, long informedAt) {
        this.registry = registry;
        this.entryName = request.entryName();
        this.stamp = request.stamp();
        this.begunAt = begunAt;
        this.informedAt = informedAt;
    }

    /** Returns the thread that makes the read, or null while that has not begun. */
    @Nullable
    Thread leader() {
        return leader;
    }

    /** Leaves it to another thread to land this. */
    void handOver() {
        handedOver = true;
        leader = null;
    }

    /** Makes the calling thread the one to land this. */
    void takeOver() {
        leader = Thread.currentThread();
    }

    boolean isHandedOver() {
        return handedOver;
    }

    /** Returns the invalidations of the registry whose cache has the entry. */
    TagTable registry() {
        return registry;
    }

    String entryName() {
        return entryName;
    }

    /** Tells whether it has landed or failed. */
    boolean isDone() {
        return result.isDone();
    }

    void land(Answer<V> answer) {
        result.complete(answer);
        first.complete(answer);
    }

    void fail(Throwable failure) {
        result.completeExceptionally(failure);
        first.completeExceptionally(failure);
    }

    /** Answers those who joined with what the leader takes meanwhile, and returns it. */
    Answer<V> meanwhile(Answer<V> stale) {
        first.complete(stale);
        return stale;
    }

    /**
     * Returns the result or what the leader took meanwhile, or null if the caller's patience ended first or the leader
     * was interrupted.
     */
    @Nullable
    Answer<V> awaitFirst(Duration patience) {
        return await(first, patience);
    }

    /** Returns the result, or null as above. */
    @Nullable
    Answer<V> awaitResult(Duration patience) {
        return await(result, patience);
    }

    private static <V> @Nullable Answer<V> await(CompletableFuture<Answer<V>> answer, Duration patience) {
        try {
            return answer.get(TimeUnit.NANOSECONDS.convert(patience), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return null;
        } catch (InterruptedException e) {
            throw Failures.interrupted(e);
        } catch (ExecutionException e) {
            if (Failures.isInterruption(e.getCause())) {
                return null;
            }
            throw Failures.unchecked(e);
        }
    }

    /** Returns the result, or null if it takes longer than a limit, if there is one. */
    @Nullable
    Answer<V> result(@Nullable Duration limit) {
        try {
            return limit == null ? result.get() : result.get(TimeUnit.NANOSECONDS.convert(limit), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return null;
        } catch (InterruptedException e) {
            throw Failures.interrupted(e);
        } catch (ExecutionException e) {
            throw Failures.unchecked(e);
        }
    }
}
