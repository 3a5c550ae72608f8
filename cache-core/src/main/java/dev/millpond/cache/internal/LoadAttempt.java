package dev.millpond.cache.internal;

import dev.millpond.cache.CacheLoadException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One call of a loader, which ends once: when the loader does, or when it has taken too long; thread-safe.
 *
 * <p>Whichever comes first is counted and remembered, and the other is not. One that ends before its loader was called,
 * since it waited for somebody else's load, is no failure of the loader, which is not called any more.
 */
final class LoadAttempt {

    private enum State {
        WAITING,
        LOADING,
        ENDED
    }

    private final Loads loads;
    private final List<? extends Request<?>> requests;
    private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
    private volatile @Nullable Begun begun;

    /**
     * Creates an attempt.
     *
     * @param loads is told if it takes too long
     */
    LoadAttempt(Loads loads, List<? extends Request<?>> requests) {
        this.loads = loads;
        this.requests = requests;
    }

    List<? extends Request<?>> requests() {
        return requests;
    }

    /** Notes that the loader is called now, and tells whether it may be: this has not ended. */
    boolean begin(LoadScope scope, long now) {
        begun = new Begun(scope, now);
        return state.compareAndSet(State.WAITING, State.LOADING);
    }

    /** Ends this, and tells whether it had not ended before. */
    boolean end() {
        return state.getAndSet(State.ENDED) != State.ENDED;
    }

    /** Ends this as a failure unless its loader was faster, and tells whether it was not. */
    boolean timeOut(CacheLoadException failure) {
        State before = state.getAndSet(State.ENDED);
        Begun load = begun;
        if (before == State.LOADING && load != null) {
            loads.timedOut(requests, load.scope, load.at, failure);
        }
        return before != State.ENDED;
    }

    /** Logs now and then that a load has taken too long, if that is slow. */
    void logIfSlow() {
        Begun load = begun;
        if (load != null) {
            loads.logIfSlow(requests, load.at);
        }
    }

    private record Begun(LoadScope scope, long at) {}
}
