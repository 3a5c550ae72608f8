package dev.millpond.runtime.internal;

/**
 * One state of a circuit breaker; every outcome leads to the next state.
 *
 * <p>Outcomes of calls can open the breaker, but only a probe closes it. A call that began before the last change says
 * nothing about the time after it, so it does not count: else the last victims of an outage, which time out after Redis
 * is back, would open the breaker again.
 *
 * <p>Redis may also answer, but so slowly that waiting for it does harm. Two probes in a row say so if at least half of
 * the calls were slow as well, or one after calls that failed, as those do whose time limit is shorter than the answer
 * takes; then only a probe that is quick again closes the breaker.
 *
 * <p>Of calls that were on their way together only the first failure counts: a single pause of this process or of Redis
 * lets all of them fail.
 *
 * @param open whether calls are refused
 * @param failures calls in a row that failed
 * @param failedProbes probes in a row that failed
 * @param slowProbes probes in a row that were slow while calls were; calls that failed in a row count as the first.
 *     Open with two, it waits for a quick probe
 * @param changedAt elapsed nanoseconds at the last change between open and closed
 * @param countsFrom elapsed nanoseconds at the last counted failure, or change between open and closed; calls that
 *     began before do not count as failures
 */
record BreakerState(boolean open, int failures, int failedProbes, int slowProbes, long changedAt, long countsFrom) {

    static final int FAILURES_TO_OPEN = 5;
    static final int FAILED_PROBES_TO_OPEN = 2;
    static final int SLOW_PROBES_TO_OPEN = 2;

    /** Returns the first state: open, since nothing has proved yet that Redis is there. */
    static BreakerState initial(long now) {
        return new BreakerState(true, 0, 0, 0, now, now);
    }

    BreakerState afterSuccess(long startedAt) {
        return began(startedAt, changedAt)
                ? new BreakerState(false, 0, failedProbes, slowProbes, changedAt, countsFrom)
                : this;
    }

    BreakerState afterFailure(long startedAt, long now) {
        if (!began(startedAt, countsFrom)) {
            return this;
        }
        return failures + 1 < FAILURES_TO_OPEN
                ? new BreakerState(false, failures + 1, failedProbes, slowProbes, changedAt, now)
                : new BreakerState(true, 0, 0, SLOW_PROBES_TO_OPEN - 1, now, now);
    }

    BreakerState afterAnsweredProbe(long now) {
        return open
                ? new BreakerState(false, 0, 0, 0, now, now)
                : new BreakerState(false, failures, 0, 0, changedAt, countsFrom);
    }

    /** An answered probe, but one that took long while calls did too. */
    BreakerState afterSlowProbe(long now) {
        if (slowProbes + 1 >= SLOW_PROBES_TO_OPEN) {
            return new BreakerState(true, 0, 0, SLOW_PROBES_TO_OPEN, open ? changedAt : now, open ? countsFrom : now);
        }
        return open
                ? afterAnsweredProbe(now)
                : new BreakerState(false, failures, 0, slowProbes + 1, changedAt, countsFrom);
    }

    /** An answered probe that took long while nobody called: it says only that Redis is there. */
    BreakerState afterSlowProbeWithoutCalls() {
        return new BreakerState(open, failures, 0, slowProbes, changedAt, countsFrom);
    }

    BreakerState afterFailedProbe(long now) {
        if (answersSlowly()) {
            return new BreakerState(true, 0, failedProbes + 1, slowProbes, changedAt, countsFrom);
        }
        if (open) {
            return new BreakerState(true, 0, failedProbes, withoutSuspicion(), changedAt, countsFrom);
        }
        return failedProbes + 1 < FAILED_PROBES_TO_OPEN
                ? new BreakerState(false, failures, failedProbes + 1, slowProbes, changedAt, countsFrom)
                : initial(now);
    }

    /** Tells whether it is open because answers are slow, and they still come. */
    boolean answersSlowly() {
        return open && slowProbes >= SLOW_PROBES_TO_OPEN && failedProbes < FAILED_PROBES_TO_OPEN;
    }

    /** What lets calls fail is not a slow answer if probes fail too. */
    private int withoutSuspicion() {
        return slowProbes < SLOW_PROBES_TO_OPEN ? 0 : slowProbes;
    }

    private boolean began(long startedAt, long from) {
        return !open && startedAt - from >= 0;
    }
}
