package dev.millpond.cache.internal;

import dev.millpond.cache.internal.Bulkhead.Permit;
import dev.millpond.cache.internal.TimeLimits.Worker;
import java.util.IdentityHashMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Which loading thread waits for which flight, so that loads that would wait for each other are found before they do;
 * thread-safe.
 */
final class WaitForGraph {

    /*
     * How is a circle found, and why like this?
     *
     * A loader reads another key, and waits if another thread is loading that. If the loader of that thread reads what
     * the first one is loading, over however many caches and threads, all of them would wait until their patience ends.
     * So a load looks before it waits: from the flight to the thread that leads it, from there to the flight that this
     * thread waits for, and so on, until it meets a thread that does not wait, which then moves all the others, or
     * itself.
     *
     * To look and to note the wait are one step under one lock. So the last one to wait sees the waits of all others
     * of its circle, and it alone is refused. The lock is held for as many steps as there are threads on the way, by
     * threads that would stop anyway. A caller outside of loads leads nothing while it waits, so nobody can wait for
     * it: it is not noted, does not look, and does not take the lock.
     *
     * A thread may lead flights of keys whose loads it has not begun: getAll takes off for all of its keys, and a
     * loader of one key loads them one after the other. A way that comes back through such a key is no circle of
     * loaders, and alone each of them would go through. It is a knot, which depends on who came first, and it comes
     * undone if the one that would close it loads the key for itself. A circle seen as a knot shows in that load, on
     * one thread.
     *
     * A caller outside of loads may lead a flight that a load waits for, and itself wait for a permit to load. That is
     * noted too, so that it gets through without one: the permits may all be held by loads that wait for it.
     *
     * A thread with a limited load has another one run it. What that reads counts for the first, which leads the
     * flights: the way goes on from the thread that runs the load.
     *
     * A flight that has landed holds nobody up, even if a thread that waited for it is still noted. Not seen are waits
     * for leases, which end by themselves after the lease time, and reads that a loader has other threads do: they end
     * with the patience of their callers.
     */

    /** The one of this process: a loader may read caches of any registry. */
    static final WaitForGraph OF_PROCESS = new WaitForGraph();

    private final IdentityHashMap<Thread, Wait> waits = new IdentityHashMap<>();
    private final IdentityHashMap<Thread, CompletableFuture<@Nullable Permit>> queued = new IdentityHashMap<>();
    private final IdentityHashMap<Thread, Worker> delegates = new IdentityHashMap<>();

    /** Notes that the calling thread waits for a flight, if it is inside a load and may wait; else does nothing. */
    Verdict enter(Flight<?> flight) {
        LoadScope scope = LoadScope.current();
        return scope == null ? Verdict.WAIT : enter(new Wait(scope, flight));
    }

    private synchronized Verdict enter(Wait wait) {
        Verdict verdict = verdict(wait);
        if (verdict == Verdict.WAIT) {
            waits.put(Thread.currentThread(), wait);
            letThrough(queued.get(wait.flight.leader()));
        }
        return verdict;
    }

    /** Forgets the wait of the calling thread, if one was noted. */
    void leave() {
        if (LoadScope.active()) {
            synchronized (this) {
                waits.remove(Thread.currentThread());
            }
        }
    }

    /**
     * Notes that the calling thread waits for its turn to load; lets it through if a load waits for one of its flights.
     */
    synchronized void queue(CompletableFuture<@Nullable Permit> turn) {
        Thread caller = Thread.currentThread();
        queued.put(caller, turn);
        if (waits.values().stream().anyMatch(wait -> wait.isFor(caller))) {
            letThrough(turn);
        }
    }

    /** Forgets that the calling thread waited for its turn. */
    synchronized void leaveQueue() {
        queued.remove(Thread.currentThread());
    }

    /** Notes that the calling thread has another one run its loads, and waits for that. */
    synchronized void delegate(Worker worker) {
        delegates.put(Thread.currentThread(), worker);
    }

    /** Forgets that. */
    synchronized void endDelegation() {
        delegates.remove(Thread.currentThread());
    }

    /** Returns the thread that runs the loads of a leader. */
    private @Nullable Thread loading(@Nullable Thread leader) {
        Thread loading = leader;
        for (Worker next = delegates.get(leader); next != null; next = delegates.get(loading)) {
            loading = next.thread();
        }
        return loading;
    }

    private static void letThrough(@Nullable CompletableFuture<@Nullable Permit> turn) {
        if (turn != null) {
            turn.complete(Permit.NONE);
        }
    }

    /** Tells whether no thread is noted. */
    synchronized boolean isEmpty() {
        return waits.isEmpty() && queued.isEmpty() && delegates.isEmpty();
    }

    private Verdict verdict(Wait first) {
        boolean allBegun = true;
        Wait wait = first;
        while (!wait.flight.isDone()) {
            Thread leader = loading(wait.flight.leader());
            boolean isBack = Thread.currentThread().equals(leader);
            Wait next = isBack ? first : waits.get(leader);
            if (next == null) {
                return Verdict.WAIT;
            }
            allBegun &= next.scope.isLoading(wait.flight.registry(), wait.flight.entryName());
            if (isBack) {
                return allBegun ? Verdict.CIRCLE : Verdict.KNOT;
            }
            wait = next;
        }
        return Verdict.WAIT;
    }

    /** What a thread may do. */
    enum Verdict {
        /** Whoever leads the flight will land it. */
        WAIT,
        /** The flight waits for this thread, but only because of the order in which keys are loaded. */
        KNOT,
        /** The load of the flight waits for the load that this thread runs. */
        CIRCLE
    }

    /** The wait of one thread: what it loads, and the flight that it waits for. */
    private record Wait(LoadScope scope, Flight<?> flight) {

        boolean isFor(Thread leader) {
            return !flight.isDone() && leader.equals(flight.leader());
        }
    }
}
