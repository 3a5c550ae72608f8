package dev.millpond.ratelimit.internal;

import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

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
final class HeavyHitters<T> {

    private static final Comparator<Count<?>> LOWEST_FIRST = Comparator.comparingLong(Count::counted);

    private final int room;
    private final ConcurrentHashMap<T, Count<T>> counts = new ConcurrentHashMap<>();
    private final ReentrantLock places = new ReentrantLock();

    /**
     * Creates it without any counts.
     *
     * @param room how many things are counted at once; at least 1
     */
    HeavyHitters(int room) {
        this.room = room;
    }

    void add(T thing) {
        Count<T> known = counts.get(thing);
        if (known != null) {
            known.increment();
        } else if (places.tryLock()) {
            try {
                admit(thing);
            } finally {
                places.unlock();
            }
        }
    }

    private void admit(T thing) {
        long inherited = counts.size() < room || counts.containsKey(thing) ? 0 : removeLowest();
        counts.computeIfAbsent(thing, any -> new Count<>(thing, inherited)).increment();
    }

    private long removeLowest() {
        Count<T> lowest = Collections.min(counts.values(), LOWEST_FIRST);
        counts.remove(lowest.thing);
        return lowest.counted();
    }

    int size() {
        return counts.size();
    }

    /** Returns what has a place, with how often it came for certain. */
    Map<T, Long> certain() {
        return counts.values().stream().collect(Collectors.toMap(count -> count.thing, Count::own));
    }

    /** One place. */
    private static final class Count<T> {

        private final T thing;
        private final long inherited;
        private final AtomicLong counted;

        Count(T thing, long inherited) {
            this.thing = thing;
            this.inherited = inherited;
            this.counted = new AtomicLong(inherited);
        }

        void increment() {
            counted.incrementAndGet();
        }

        long counted() {
            return counted.get();
        }

        long own() {
            return counted.get() - inherited;
        }
    }
}
