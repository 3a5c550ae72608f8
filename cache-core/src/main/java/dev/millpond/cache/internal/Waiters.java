package dev.millpond.cache.internal;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Callers that wait for a key that another node loads, until a hint wakes them; thread-safe.
 *
 * <p>A hint that comes before its caller waits is lost, so a wait has an end of its own.
 */
final class Waiters implements LeaseWait.Pause {

    private final ConcurrentMap<String, CompletableFuture<Void>> waiting = new ConcurrentHashMap<>();

    @Override
    public void pause(String key, long nanos) {
        CompletableFuture<Void> hint = waiting.computeIfAbsent(key, absent -> new CompletableFuture<>());
        try {
            hint.get(nanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            waiting.remove(key, hint);
        } catch (InterruptedException e) {
            waiting.remove(key, hint);
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new AssertionError("A hint cannot fail.", e);
        }
    }

    /** Wakes those who wait for a key. */
    void wake(String key) {
        CompletableFuture<Void> hint = waiting.remove(key);
        if (hint != null) {
            hint.complete(null);
        }
    }

    /** Returns how many keys are waited for. */
    int size() {
        return waiting.size();
    }
}
