package dev.millpond.runtime.internal;

/**
 * One state of a circuit breaker; every outcome leads to the next state.
 *
 * <p>Outcomes of calls can open the breaker, but only a probe closes it. A call that began before the last change says
 * nothing about the time after it, so it does not count: else the last victims of an outage, which time out after Redis
 * is back, would open the breaker again.
 *
 * @param open whether calls are refused
 * @param failures calls in a row that failed
 * @param failedProbes probes in a row that failed
 * @param changedAt elapsed nanoseconds at the last change between open and closed
 */
record BreakerState(boolean open, int failures, int failedProbes, long changedAt) {

    static final int FAILURES_TO_OPEN = 5;
    static final int FAILED_PROBES_TO_OPEN = 2;

    /** Returns the first state: open, since nothing has proved yet that Redis is there. */
    static BreakerState initial(long now) {
        return new BreakerState(true, 0, 0, now);
    }

    BreakerState afterSuccess(long startedAt) {
        return counts(startedAt) ? new BreakerState(false, 0, failedProbes, changedAt) : this;
    }

    BreakerState afterFailure(long startedAt, long now) {
        if (!counts(startedAt)) {
            return this;
        }
        return failures + 1 < FAILURES_TO_OPEN
                ? new BreakerState(false, failures + 1, failedProbes, changedAt)
                : initial(now);
    }

    BreakerState afterAnsweredProbe(long now) {
        return open ? new BreakerState(false, 0, 0, now) : new BreakerState(false, failures, 0, changedAt);
    }

    BreakerState afterFailedProbe(long now) {
        if (open) {
            return this;
        }
        return failedProbes + 1 < FAILED_PROBES_TO_OPEN
                ? new BreakerState(false, failures, failedProbes + 1, changedAt)
                : initial(now);
    }

    private boolean counts(long startedAt) {
        return !open && startedAt - changedAt >= 0;
    }
}
