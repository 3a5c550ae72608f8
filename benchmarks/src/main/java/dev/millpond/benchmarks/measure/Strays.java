package dev.millpond.benchmarks.measure;

import java.util.function.LongSupplier;

/**
 * Counts operations of this process that were not what is measured: reads that another level answered, or decisions
 * without Redis. On a machine with too much other work there are some.
 */
public final class Strays {

    private static volatile LongSupplier counter = () -> 0;

    private Strays() {}

    /** Sets what counts them, from the beginning. */
    public static void countBy(LongSupplier strays) {
        counter = strays;
    }

    static long soFar() {
        return counter.getAsLong();
    }
}
