package dev.millpond.cache.internal;

import dev.millpond.cache.CacheLoadException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Turns what other threads threw into what this thread throws. */
final class Failures {

    private Failures() {}

    /** Returns the shared failure of a load, for the caller to throw. */
    static RuntimeException unchecked(ExecutionException shared) {
        Throwable cause = shared.getCause();
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException failure
                ? failure
                : new CacheLoadException("The load that this read joined failed.", shared);
    }

    /** Returns the failure of a read whose thread was interrupted while it waited; the thread stays interrupted. */
    static CacheLoadException interrupted(InterruptedException interruption) {
        Thread.currentThread().interrupt();
        return new CacheLoadException(
                "The read was interrupted while it waited for another caller's load.", interruption);
    }

    /** Returns what {@linkplain #isInterruption tells} those who joined a read to read for themselves. */
    static CacheLoadException leftToOthers() {
        return new CacheLoadException("The load was left to those who wait for it.", new InterruptedException());
    }

    /** Tells whether a load failed only because its own thread was interrupted. */
    static boolean isInterruption(@Nullable Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CacheLoadException) { // also that of a read which the loader made
            cause = cause.getCause();
        }
        return failure instanceof CacheLoadException && cause instanceof InterruptedException;
    }

    /** Tells whether a load failed because its thread was interrupted, or that of what it waited for. */
    static boolean comesFromAnInterrupt(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof InterruptedException) {
                return true;
            }
        }
        return Thread.currentThread().isInterrupted();
    }

    /** Returns the failure of a read that would wait for a load which waits for the load that reads. */
    static IllegalStateException inACircle(String cache) {
        return new IllegalStateException("Cache '" + cache
                + "' was asked by a loader for a key whose own load waits for that loader: loaders read each other's"
                + " keys in a circle. Let one of them read the source instead.");
    }

    /** Returns what a log line says of a failed load. */
    static String text(@Nullable Throwable failure) {
        if (failure == null) {
            return "known from before, or hidden by stale values.";
        }
        Throwable cause = failure.getCause();
        return String.valueOf(failure instanceof CacheLoadException && cause != null ? cause : failure);
    }

    /** Returns the failure of a loader as callers see it. */
    static CacheLoadException ofLoader(String cache, Exception failure) {
        if (failure instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        return new CacheLoadException(
                "The loader of cache '" + cache + "' failed, and there is no value that may be served instead.",
                failure);
    }
}
