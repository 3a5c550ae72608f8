package dev.millpond.runtime.spi;

import java.time.Duration;

/**
 * Tells a late answer from a process that stood still.
 *
 * <p>A time limit is meant for somebody else. If the limit itself comes late, this process had no processor time, as in
 * a long collection of garbage; the answer may have arrived and could not be read. Then the answer gets the time back
 * that this process did not have. Thread-safe.
 */
public final class Standstill {

    /** A limit that comes no later than this, or than a tenth of itself, is on time. */
    private static final Duration UNNOTICED = Duration.ofMillis(5);

    private static final int UNNOTICED_SHARE = 10;

    /** What is waited for, and may never come, is waited for that many limits at most. */
    private static final int MOST_LIMITS = 10;

    private Standstill() {}

    /**
     * Returns for how much longer to wait; zero to give up.
     *
     * @param limit how long the wait should be
     * @param due how long it should have been by now, with what was given back before
     * @param elapsed how long it has been
     */
    public static Duration givesBack(Duration limit, Duration due, Duration elapsed) {
        Duration late = elapsed.minus(due);
        Duration most = limit.multipliedBy(MOST_LIMITS).minus(elapsed);
        if (late.compareTo(unnoticed(limit)) <= 0 || most.isNegative()) {
            return Duration.ZERO;
        }
        return late.compareTo(most) < 0 ? late : most;
    }

    private static Duration unnoticed(Duration limit) {
        Duration share = limit.dividedBy(UNNOTICED_SHARE);
        return share.compareTo(UNNOTICED) > 0 ? share : UNNOTICED;
    }
}
