package dev.millpond.benchmarks;

/** One comparison that {@code benchmarks/run} can make; stateless. */
public interface Suite {

    /** Returns the name on the command line. */
    String name();

    /**
     * Makes the comparison and prints its table.
     *
     * @return whether Millpond did what it promises
     */
    boolean run(Run run) throws Exception;
}
