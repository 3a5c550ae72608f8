package dev.millpond.cache.internal;

import dev.millpond.cache.CacheLoadException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One call of a loader, which ends once: when the loader does, or when it has taken too long; thread-safe.
 *
 * <p>Whichever comes first is counted and remembered, and the other is not.
 */
final class LoadAttempt {

    private final Loads loads;
    private final List<? extends Request<?>> requests;
    private final long begunAt;
    private final AtomicBoolean ended = new AtomicBoolean();

    /**
     * Begins an attempt.
     *
     * @param loads is told if it takes too long
     */
    LoadAttempt(Loads loads, List<? extends Request<?>> requests, long begunAt) {
        this.loads = loads;
        this.requests = requests;
        this.begunAt = begunAt;
    }

    List<? extends Request<?>> requests() {
        return requests;
    }

    /** Ends this, and tells whether it had not ended before. */
    boolean end() {
        return ended.compareAndSet(false, true);
    }

    /** Ends this as a failure unless its loader was faster, and tells whether it was not. */
    boolean timeOut(CacheLoadException failure) {
        boolean isTooLate = end();
        if (isTooLate) {
            loads.timedOut(requests, begunAt, failure);
        }
        return isTooLate;
    }

    /** Logs now and then that a load has taken too long, if that is slow. */
    void logIfSlow() {
        loads.logIfSlow(requests, begunAt);
    }
}
