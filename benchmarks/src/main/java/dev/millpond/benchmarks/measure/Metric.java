package dev.millpond.benchmarks.measure;

import java.util.Locale;

/** One figure of a measurement; all are of one operation, but the rate and what belongs to a start. */
public enum Metric {
    /** Nanoseconds that Redis itself counts for the commands, one after the other: nobody else is served meanwhile. */
    SERVER_TIME("time of the server", false, 0),
    /** Mean time in nanoseconds, as a caller sees it. */
    TIME("mean", false, 0),
    /** Operations per second, of all threads. */
    RATE("rate", true, 0),
    /** Median time in nanoseconds. */
    P50("p50", false, 0),
    /** Time in nanoseconds that 99 of 100 operations do not exceed. */
    P99("p99", false, 0),
    /** Commands that Redis got, without those that scripts call; what asks Redis for this count is among them. */
    COMMANDS("Redis commands", false, 0.005),
    /** Nanoseconds of processor time of the client's process. */
    CLIENT_CPU("client CPU", false, 0),
    /** Nanoseconds of processor time of Redis. */
    REDIS_CPU("Redis CPU", false, 0),
    /** Nanoseconds of processor time of the server's process. */
    SERVER_CPU("server CPU", false, 0),
    /** Bytes allocated in the heap of the process that is measured. */
    ALLOCATED("allocated", false, 0.5),
    /** Operations that were not what is measured. */
    STRAYS("strays", false, 0),
    /** Bytes of memory that Redis needs for what the operation is about. */
    MEMORY("Redis memory", false, 0),
    /** Keys in Redis that never expire. */
    UNENDING("keys without end", false, 0.005),
    /** Nanoseconds until all nodes have seen an invalidation. */
    SEEN("seen by all nodes", false, 0),
    /** Commands that the busiest of several masters got. */
    BUSIEST("commands of the busiest master", false, 0.005),
    /** Bytes that Redis got. */
    SENT("bytes to Redis", false, 0.5),
    /** Bytes that Redis sent. */
    RECEIVED("bytes from Redis", false, 0.5),
    /** Connections to Redis. */
    CONNECTIONS("connections", false, 0),
    /** Nanoseconds from the start of a process until its first answer. */
    START("first answer", false, 0),
    /** Threads of a process that has started. */
    THREADS("threads", false, 0);

    private static final double MICRO = 1e3;
    private static final double MILLI = 1e6;
    private static final double TEN = 10;

    private final String label;
    private final boolean moreIsBetter;
    private final double resolution;

    Metric(String label, boolean moreIsBetter, double resolution) {
        this.label = label;
        this.moreIsBetter = moreIsBetter;
        this.resolution = resolution;
    }

    /** Returns what it is called in tables. */
    public String label() {
        return label;
    }

    boolean moreIsBetter() {
        return moreIsBetter;
    }

    /** Tells whether a value is as good as a bound, as far as this can be measured. */
    boolean meets(double value, double bound) {
        return moreIsBetter ? value >= bound : value <= bound + resolution;
    }

    /** Returns a value with its unit. */
    String text(double value) {
        return switch (this) {
            case TIME, P50, P99, CLIENT_CPU, REDIS_CPU, SERVER_CPU, SERVER_TIME, SEEN, START -> time(value);
            case RATE -> rate(value);
            case COMMANDS, STRAYS, UNENDING, BUSIEST, CONNECTIONS ->
                String.format(Locale.ROOT, value < TEN ? "%.2f" : "%.0f", value);
            case ALLOCATED, MEMORY, SENT, RECEIVED -> String.format(Locale.ROOT, "%.0f B", value);
            case THREADS -> String.format(Locale.ROOT, "%.0f", value);
        };
    }

    private static String time(double nanos) {
        if (nanos < MICRO) {
            return short3(nanos) + " ns";
        }
        return nanos < MILLI ? short3(nanos / MICRO) + " µs" : short3(nanos / MILLI) + " ms";
    }

    private static String rate(double perSecond) {
        if (perSecond < MICRO) {
            return short3(perSecond) + " /s";
        }
        return perSecond < MILLI ? short3(perSecond / MICRO) + " k/s" : short3(perSecond / MILLI) + " M/s";
    }

    /** Three digits or so. */
    private static String short3(double value) {
        String format = value < 1 ? "%.2f" : value < TEN * TEN ? "%.1f" : "%.0f";
        return String.format(Locale.ROOT, format, value);
    }
}
