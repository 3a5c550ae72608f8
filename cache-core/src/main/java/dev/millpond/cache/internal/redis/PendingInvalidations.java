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
    private long names;
    private long replaced;
    private long beingReplaced;
    private long newStartsNeeded;
    private long newStartsBegun;
    private long newStartsDone;

    synchronized boolean isEmpty() {
        return pending.isEmpty() && newStartsDone == newStartsNeeded;
    }

    /** Keeps an invalidation, in parts; returns whether it is the first. */
    synchronized boolean addAll(List<List<String>> parts) {
        boolean first = isEmpty();
        parts.forEach(this::add);
        return first;
    }

    private void add(List<String> invalidated) {
        names += invalidated.size();
        if (names > MOST_NAMES) {
            pending.clear();
            newStartsNeeded = newStartsBegun + 1;
        }
        // A new start that has begun may be over already in Redis, so it does not cover what is added from then on.
        if (newStartsBegun == newStartsNeeded) {
            pending.add(invalidated);
        } else {
            replaced += names;
            names = 0;
        }
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

    /** Returns how many names are kept, or stood for by a new start. */
    synchronized int size() {
        return (int) Math.min(Integer.MAX_VALUE, names + replaced + beingReplaced);
    }

    /** Returns the number of the new start that is due, or 0. */
    private synchronized long beginNewStart() {
        newStartsBegun = newStartsNeeded;
        beingReplaced += replaced;
        replaced = 0;
        return newStartsDone < newStartsNeeded ? newStartsNeeded : 0;
    }

    private synchronized void newStartDone(long number) {
        newStartsDone = Math.max(newStartsDone, number);
        if (newStartsDone == newStartsBegun) {
            beingReplaced = 0;
        }
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
