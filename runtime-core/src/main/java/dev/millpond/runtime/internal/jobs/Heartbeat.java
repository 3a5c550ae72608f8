package dev.millpond.runtime.internal.jobs;

/**
 * Renews the lease of a run three times in its time, until the run is over.
 *
 * <p>A renewal that fails is no loss yet: the run itself knows when the time is over.
 */
record Heartbeat(JobsNode node, RunningJob run) {

    private static final int BEATS_PER_LEASE = 3;

    /** Begins to renew a lease, unless it holds for ever. */
    static void begin(JobsNode node, RunningJob run) {
        if (!run.lease().forever()) {
            new Heartbeat(node, run).later();
        }
    }

    private void later() {
        node.timer().after(run.lease().time().dividedBy(BEATS_PER_LEASE), this::beat);
    }

    private void beat() {
        if (run.isOver() || run.isLost()) {
            return;
        }
        long asked = node.ticker().read();
        node.fleet().renew(run.lease()).thenAccept(held -> {
            if (held) {
                run.renewed(asked);
            } else {
                run.end(RunEnding.lost());
            }
        });
        later();
    }
}
