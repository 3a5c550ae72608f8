package dev.millpond.runtime.spi;

import java.util.Comparator;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds what comes most often of any number of things, with room for a few: the Space-Saving algorithm of Metwally,
 * Agrawal and El Abbadi.
 *
 * <p>While there is room, everything is counted. After that, what is new takes the place of what has the lowest count,
 * and goes on from that count. So whatever is more than one in {@code room} of all has a place, and a place that was
 * taken over tells how much of its count is its own: that much is certain.
 *
 * <p>Thread-safe. Nobody waits: what is new while another thread gives a place away is not counted.
 *
 * @param <T> what is counted; has equals and hashCode
 */
public final class HeavyHitters<T> {

    /*
     * How is the lowest count found, while others count without a lock?
     *
     * The places are in a heap, each by what its count was when it was put there. Counts only grow, so the first of the
     * heap is the lowest of all if its count is still that. If it is not, it is put back by what it is now, and the next
     * one is looked at. Each such step is paid for by an addition that needed none: a new thing costs the logarithm of
     * the room on average. So that it never costs much more, a thing that has not found a place after some steps goes
     * without; the steps are not lost for the next one.
     */

    /** Enough to sort a small room anew as a whole. */
    static final int MOST_STEPS = 128;

    private final int room;
    private final ConcurrentHashMap<T, Count<T>> counts = new ConcurrentHashMap<>();
    private final ReentrantLock places = new ReentrantLock();
    private final PriorityQueue<Count<T>> lowestFirst =
            new PriorityQueue<>(Comparator.comparingLong(count -> count.sortedBy));

    /**
     * Creates it without any counts.
     *
     * @param room how many things are counted at once; at least 1
     */
    public HeavyHitters(int room) {
        this.room = room;
    }

    /** Counts a thing once. */
    public void add(T thing) {
        add(thing, 1);
    }

    /**
     * Counts a thing several times.
     *
     * @param times at least 1
     */
    public void add(T thing, long times) {
        Count<T> known = counts.get(thing);
        if (known != null) {
            known.counted.addAndGet(times);
        } else if (places.tryLock()) {
            try {
                admit(thing, times);
            } finally {
                places.unlock();
            }
        }
    }

    private void admit(T thing, long times) {
        Count<T> known = counts.get(thing);
        if (known != null) {
            known.counted.addAndGet(times);
        } else if (lowestFirst.size() < room) {
            place(new Count<>(thing, 0), times);
        } else {
            Count<T> lowest = removeLowest();
            if (lowest != null) {
                place(new Count<>(thing, lowest.counted.get()), times);
            }
        }
    }

    private void place(Count<T> count, long times) {
        count.counted.addAndGet(times);
        count.sortedBy = count.counted.get();
        lowestFirst.add(count);
        counts.put(count.thing, count);
    }

    private @Nullable Count<T> removeLowest() {
        for (int step = 0; step < MOST_STEPS; step++) {
            Count<T> first = lowestFirst.remove();
            long counted = first.counted.get();
            if (counted == first.sortedBy) {
                counts.remove(first.thing);
                return first;
            }
            first.sortedBy = counted;
            lowestFirst.add(first);
        }
        return null;
    }

    /** Returns how many things have a place. */
    public int size() {
        return counts.size();
    }

    /** Returns what has a place, with how often it came for certain. */
    public Map<T, Long> certain() {
        return counts.values().stream().collect(Collectors.toMap(count -> count.thing, Count::own));
    }

    /** One place. */
    private static final class Count<T> {

        private final T thing;
        private final long inherited;
        private final AtomicLong counted;
        private long sortedBy;

        Count(T thing, long inherited) {
            this.thing = thing;
            this.inherited = inherited;
            this.counted = new AtomicLong(inherited);
        }

        long own() {
            return counted.get() - inherited;
        }
    }
}
