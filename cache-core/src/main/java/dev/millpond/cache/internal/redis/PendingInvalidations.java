package dev.millpond.cache.internal.redis;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Invalidations that Redis has not taken yet, bounded: too many are replaced by one new start of the log; thread-safe.
 */
final class PendingInvalidations {

    static final int MOST_NAMES = 10_000;

    private final Deque<List<String>> pending = new ArrayDeque<>();
    private int names;
    private long newStartsNeeded;
    private long newStartsBegun;
    private long newStartsDone;

    synchronized boolean isEmpty() {
        return pending.isEmpty() && newStartsDone == newStartsNeeded;
    }

    /** Keeps an invalidation; returns whether it is the first. */
    synchronized boolean add(List<String> invalidated) {
        boolean first = isEmpty();
        if (names + invalidated.size() > MOST_NAMES) {
            pending.clear();
            names = 0;
            newStartsNeeded = newStartsBegun + 1;
        } else if (newStartsBegun == newStartsNeeded) {
            // A new start that has begun may be over already in Redis, so it does not cover what is added from then on.
            pending.add(invalidated);
            names += invalidated.size();
        }
        return first;
    }

    /** Sends what is kept, oldest first; what cannot be sent stays. */
    void drain(Consumer<List<String>> sender, Runnable newStart) {
        long begun = beginNewStart();
        if (begun > 0) {
            newStart.run();
            newStartDone(begun);
        }
        for (List<String> next = first(); next != null; next = first()) {
            sender.accept(next);
            remove(next);
        }
    }

    /** Returns how many names are kept. */
    synchronized int size() {
        return names;
    }

    /** Returns the number of the new start that is due, or 0. */
    private synchronized long beginNewStart() {
        newStartsBegun = newStartsNeeded;
        return newStartsDone < newStartsNeeded ? newStartsNeeded : 0;
    }

    private synchronized void newStartDone(long number) {
        newStartsDone = Math.max(newStartsDone, number);
    }

    private synchronized @Nullable List<String> first() {
        return pending.peekFirst();
    }

    /** By identity: closing drains beside the poller, and the same names kept again belong to a later change. */
    @SuppressWarnings("ReferenceEquality")
    private synchronized void remove(List<String> sent) {
        if (pending.peekFirst() == sent) {
            pending.removeFirst();
            names -= sent.size();
        }
    }
}
