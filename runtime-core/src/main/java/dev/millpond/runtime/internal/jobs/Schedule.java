package dev.millpond.runtime.internal.jobs;

/** Says when a job is due, in milliseconds since the epoch; immutable. */
interface Schedule {

    /** Is later than every time. */
    long NEVER = Long.MAX_VALUE;

    /** A schedule by which a job is never due. */
    Schedule NONE = after -> NEVER;

    /** Returns the first time after a moment at which it is due; {@link #NEVER} if there is none. */
    long next(long after);

    /** Returns this schedule with each time later by as much. */
    default Schedule shiftedBy(long millis) {
        return after -> {
            long next = next(after - millis);
            return next == NEVER ? NEVER : next + millis;
        };
    }

    /** Returns the time from one due time to the next one; {@link #NEVER} if there is no next one. */
    default long gapAfter(long due) {
        long next = next(due);
        return next == NEVER ? NEVER : next - due;
    }

    /**
     * Returns the last time up to a moment at which it is due.
     *
     * @param time at which it is due, not after the moment
     */
    default long latest(long time, long moment) {
        long low = time;
        long high = moment;
        while (low < high) {
            long middle = low + (high - low) / 2;
            if (next(middle) <= moment) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
