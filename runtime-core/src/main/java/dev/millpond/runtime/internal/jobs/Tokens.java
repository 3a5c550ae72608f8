package dev.millpond.runtime.internal.jobs;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicLong;

/** The highest number that a run in this process has had; thread-safe. */
final class Tokens {

    private final InstantSource clock;
    private final AtomicLong highest = new AtomicLong();

    Tokens(InstantSource clock) {
        this.clock = clock;
    }

    /** Returns a higher number than all before, which follows the clock, as the numbers of a fleet do. */
    long next() {
        long now = ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
        return highest.updateAndGet(last -> Math.max(last + 1, now));
    }

    /** Takes note of a number that the fleet gave. */
    void seen(long token) {
        highest.accumulateAndGet(token, Math::max);
    }

    long highest() {
        return highest.get();
    }
}
