package dev.millpond.benchmarks.batch;

import java.util.Locale;

/**
 * What one batch took.
 *
 * @param name what was done
 * @param keys of how many keys
 * @param right how many of them were answered as they should be, or dealt with
 * @param loaded how many of them the loader was asked for; a few also where Redis was too slow to take or to give them
 * @param millis how long it took
 * @param liveBytes what of the heap was still in use after it, when garbage was collected
 * @param commands how many commands Redis has processed meanwhile, with those that scripts make
 */
record BatchStep(String name, long keys, long right, long loaded, long millis, long liveBytes, long commands) {

    private static final double MEBIBYTE = 1024.0 * 1024.0;
    private static final double SECOND = 1_000;

    /** Reads what {@link #line} wrote. */
    static BatchStep of(String line) {
        String[] words = line.split("\t", -1);
        return new BatchStep(
                words[0],
                Long.parseLong(words[1]),
                Long.parseLong(words[2]),
                Long.parseLong(words[3]),
                Long.parseLong(words[4]),
                Long.parseLong(words[5]),
                Long.parseLong(words[6]));
    }

    /** Returns this for another process to read. */
    String line() {
        return String.join("\t", name, "" + keys, "" + right, "" + loaded, "" + millis, "" + liveBytes, "" + commands);
    }

    /** Returns this as a row of a table. */
    String row() {
        return String.format(
                Locale.ROOT,
                "| %s | %.1f s | %.0f | %.0f MiB | %d | %d | %d |%n",
                name,
                millis / SECOND,
                keys * SECOND / Math.max(1, millis),
                liveBytes / MEBIBYTE,
                commands,
                loaded,
                keys - right);
    }

    boolean good() {
        return right == keys;
    }
}
