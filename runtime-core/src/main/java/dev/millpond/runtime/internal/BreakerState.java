package dev.millpond.runtime.internal;

/**
 * One state of a circuit breaker; every outcome leads to the next state.
 *
 * <p>Outcomes of calls can open the breaker, but only a probe closes it. A call that began before the last change says
 * nothing about the time after it, so it does not count: else the last victims of an outage, which time out after Redis
 * is back, would open the breaker again.
 *
 * <p>Redis may also answer, but so slowly that waiting for it does harm. Two probes in a row say so if at least half of
 * the calls were slow as well; a probe that is quick again closes the breaker.
 *
 * <p>Of calls that were on their way together only the first failure counts: a single pause of this process or of Redis
 * lets all of them fail.
 *
 * @param open whether calls are refused
 * @param failures calls in a row that failed
 * @param failedProbes probes in a row that failed
 * @param slowProbes probes in a row that were slow while calls were; open with any, it waits for a quick probe
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
                : initial(now);
    }

    BreakerState afterAnsweredProbe(long now) {
        return open
                ? new BreakerState(false, 0, 0, 0, now, now)
                : new BreakerState(false, failures, 0, 0, changedAt, countsFrom);
    }

    /** An answered probe, but one that took long while calls did too. */
    BreakerState afterSlowProbe(long now) {
        if (open) {
            return slowProbes > 0 ? withFailedProbes(0) : afterAnsweredProbe(now);
        }
        return slowProbes + 1 < SLOW_PROBES_TO_OPEN
                ? new BreakerState(false, failures, 0, slowProbes + 1, changedAt, countsFrom)
                : new BreakerState(true, 0, 0, SLOW_PROBES_TO_OPEN, now, now);
    }

    BreakerState afterFailedProbe(long now) {
        if (open) {
            return answersSlowly() ? withFailedProbes(failedProbes + 1) : this;
        }
        return failedProbes + 1 < FAILED_PROBES_TO_OPEN
                ? new BreakerState(false, failures, failedProbes + 1, slowProbes, changedAt, countsFrom)
                : initial(now);
    }

    private BreakerState withFailedProbes(int number) {
        return new BreakerState(open, failures, number, slowProbes, changedAt, countsFrom);
    }

    /** Tells whether it is open because answers are slow, and they still come. */
    boolean answersSlowly() {
        return open && slowProbes > 0 && failedProbes < FAILED_PROBES_TO_OPEN;
    }

    private boolean began(long startedAt, long from) {
        return !open && startedAt - from >= 0;
    }
}
