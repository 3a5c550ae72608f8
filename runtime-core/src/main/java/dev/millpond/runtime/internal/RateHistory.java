package dev.millpond.runtime.internal;

import dev.millpond.runtime.spi.HealthSource.Rate;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.OptionalDouble;

/**
 * How large a rate was in the last minutes, by what its counters were then.
 *
 * <p>The counters have no history of their own, and to write one with each event would cost every read of a cache. So
 * somebody must take samples all the time: what was noted at the last look at the health could be an hour old.
 * Thread-safe.
 */
final class RateHistory {

    private final Rate rate;
    private final Duration longest;
    private final Deque<Sample> samples = new ArrayDeque<>();

    /**
     * Creates a history that has one sample.
     *
     * @param longest how far it reaches back
     */
    RateHistory(Rate rate, Duration longest, long now) {
        this.rate = rate;
        this.longest = longest;
        samples.add(sampleAt(now));
    }

    String name() {
        return rate.name();
    }

    synchronized void sample(long now) {
        samples.add(sampleAt(now));
        while (second().age(now) >= longest.toNanos()) {
            samples.removeFirst();
        }
    }

    private Sample second() {
        Iterator<Sample> oldestFirst = samples.iterator();
        oldestFirst.next();
        return oldestFirst.next();
    }

    /** Returns the rate in about the window before now, or since the start; empty if nothing happened. */
    synchronized OptionalDouble over(Duration window, long now) {
        Sample begin = samples.stream()
                .min(Comparator.comparingLong(sample -> Math.abs(sample.age(now) - window.toNanos())))
                .orElseThrow();
        return sampleAt(now).since(begin);
    }

    private Sample sampleAt(long now) {
        long part = rate.part().getAsLong();
        return new Sample(now, part, rate.whole().getAsLong());
    }

    private record Sample(long at, long part, long whole) {

        long age(long now) {
            return now - at;
        }

        OptionalDouble since(Sample earlier) {
            long all = whole - earlier.whole;
            if (all <= 0) {
                return OptionalDouble.empty();
            }
            double share = (double) (part - earlier.part) / all;
            // Counters are read while others count, so that a part may seem larger than its whole.
            return OptionalDouble.of(Math.max(0, Math.min(1, share)));
        }
    }
}
