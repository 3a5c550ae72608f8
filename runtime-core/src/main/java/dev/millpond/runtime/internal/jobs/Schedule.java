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
}
