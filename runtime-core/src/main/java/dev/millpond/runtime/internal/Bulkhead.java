package dev.millpond.runtime.internal;

import dev.millpond.runtime.spi.RedisUnavailableException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Bounds how many calls wait for Redis at once. Thread-safe. */
final class Bulkhead {

    private final int places;
    private final Semaphore free;

    Bulkhead(int places) {
        this.places = places;
        this.free = new Semaphore(places);
    }

    /** Takes a place, waiting for one at most that long; with zero also on an interrupted thread. */
    void enter(Duration maxWait) {
        boolean entered;
        try {
            // The method with a time limit refuses interrupted threads even if they need not wait.
            entered = maxWait.isZero() ? free.tryAcquire() : free.tryAcquire(maxWait.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RedisUnavailableException("Interrupted while waiting to call Redis.", e);
        }
        if (!entered) {
            throw new RedisUnavailableException(
                    "Redis is too busy: " + places + " calls are waiting for it, so this one was not sent.");
        }
    }

    /** Returns how many places are taken. */
    int taken() {
        return places - free.availablePermits();
    }

    /** Returns about how many threads wait for a place. */
    int queue() {
        return free.getQueueLength();
    }

    void leave() {
        free.release();
    }
}
