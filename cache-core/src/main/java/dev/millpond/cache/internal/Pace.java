package dev.millpond.cache.internal;

import java.util.concurrent.TimeUnit;

/** Spreads calls evenly over time; thread-safe. */
final class Pace {

    private final long intervalNanos;
    private boolean begun;
    private long next;

    /**
     * Creates a pace.
     *
     * @param perSecond infinite for calls at any time
     */
    Pace(double perSecond) {
        this.intervalNanos = (long) (TimeUnit.SECONDS.toNanos(1) / perSecond);
    }

    /** Returns the reading of the ticker at which the next call may be made, and leaves its place to nobody else. */
    synchronized long reserve(long now) {
        long at = begun && next - now > 0 ? next : now;
        begun = true;
        next = at + intervalNanos;
        return at;
    }
}
