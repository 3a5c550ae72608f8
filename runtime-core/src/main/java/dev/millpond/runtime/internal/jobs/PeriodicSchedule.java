package dev.millpond.runtime.internal.jobs;

/**
 * Is due whenever the time since the epoch, less an offset, is a multiple of a period.
 *
 * @param period in milliseconds
 * @param offset from zero to less than the period
 */
record PeriodicSchedule(long period, long offset) implements Schedule {

    @Override
    public long next(long after) {
        return after + period - Math.floorMod(after - offset, period);
    }

    /** Returns how near to each other two jobs ever start; 0 if they ever start together. */
    long distanceTo(PeriodicSchedule other) {
        return circular(offset - other.offset, gcd(period, other.period));
    }

    /** Returns how near to a time this ever starts, if that came again in each of its periods. */
    long distanceTo(long time) {
        return circular(time - offset, period);
    }

    private static long circular(long difference, long length) {
        long distance = Math.floorMod(difference, length);
        return Math.min(distance, length - distance);
    }

    static long gcd(long a, long b) {
        return b == 0 ? a : gcd(b, a % b);
    }
}
