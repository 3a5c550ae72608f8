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
    private boolean startOver;

    synchronized boolean isEmpty() {
        return pending.isEmpty() && !startOver;
    }

    /** Keeps an invalidation; returns whether it is the first. */
    synchronized boolean add(List<String> invalidated) {
        boolean first = isEmpty();
        if (names + invalidated.size() > MOST_NAMES) {
            pending.clear();
            names = 0;
            startOver = true;
        } else if (!startOver) {
            pending.add(invalidated);
            names += invalidated.size();
        }
        return first;
    }

    /** Sends what is kept, oldest first; what cannot be sent stays. */
    void drain(Consumer<List<String>> sender, Runnable newStart) {
        if (takeStartOver()) {
            try {
                newStart.run();
            } catch (RuntimeException e) {
                startOverAgain();
                throw e;
            }
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

    /** What is added from here on is kept again: the new start may not cover it. */
    private synchronized boolean takeStartOver() {
        boolean taken = startOver;
        startOver = false;
        return taken;
    }

    private synchronized void startOverAgain() {
        startOver = true;
    }

    private synchronized @Nullable List<String> first() {
        return pending.peekFirst();
    }

    private synchronized void remove(List<String> sent) {
        if (pending.peekFirst() == sent) {
            pending.removeFirst();
            names -= sent.size();
        }
    }
}
