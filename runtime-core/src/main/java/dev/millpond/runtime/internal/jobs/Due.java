package dev.millpond.runtime.internal.jobs;

import java.time.Duration;

/**
 * Why a lease is asked for; immutable.
 *
 * @param job its name
 * @param time when it was due, in milliseconds since the epoch; {@link #NONE} if somebody asked for it
 * @param gap from then to when it is due next; {@link Schedule#NEVER} if it is not
 * @param after whose lease has to have ended by time; empty for anybody's, however it ended
 */
record Due(String job, long time, long gap, String after) {

    static final long NONE = Long.MIN_VALUE;

    private static final long SHORTEST_LEASE = 500;
    private static final long LONGEST_LEASE = 10_000;
    private static final long DAY = Duration.ofDays(1).toMillis();
    private static final long MINUTE = Duration.ofMinutes(1).toMillis();

    /**
     * Returns that somebody asked for a job.
     *
     * @param gap from one due time of the job to the next one
     */
    static Due request(String job, long gap) {
        return new Due(job, NONE, gap, "");
    }

    /** Returns this for whoever waited for the lease of a node that may be dead. */
    Due after(String holder) {
        return new Due(job, time, gap, holder);
    }

    /**
     * Returns for how long a lease holds: not longer than until the job is due again, so that another node can run it
     * then.
     */
    Duration leaseTime() {
        return Duration.ofMillis(Math.max(SHORTEST_LEASE, Math.min(gap, LONGEST_LEASE)));
    }

    /**
     * Returns how much earlier than the last run a due time has to be to be taken for a new one: then a clock was set
     * back, or was wrong before, and the job would not run until that time came again.
     */
    long tolerance() {
        return Math.max(MINUTE, 2 * Math.min(gap, DAY));
    }

    /** Returns for how long it has to be remembered that the job ran. */
    Duration life() {
        return Duration.ofMillis(DAY + tolerance());
    }

    /** Tells whether this has not been run yet, where another time was run last. */
    boolean isNewAfter(long last) {
        return time == NONE || last == NONE || time > last || time < last - tolerance();
    }

    /** Tells whether it is too late at a moment to ask for this again where Redis was away. */
    boolean isStale(long now) {
        return time == NONE || now - time > Math.min(gap / 2, MINUTE);
    }
}
