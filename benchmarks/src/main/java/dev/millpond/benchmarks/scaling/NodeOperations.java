package dev.millpond.benchmarks.scaling;

/** What a node does all the time, and can be asked about; thread-safe. */
interface NodeOperations extends AutoCloseable {

    /** Does one operation with a key. */
    void operate(String key, AnyKey any);

    /** Returns how many operations so far were not what is measured. */
    default long strays() {
        return 0;
    }

    /**
     * Tells whether what an order says of a key is so by now.
     *
     * @throws IllegalArgumentException if it is no order
     */
    default boolean isSo(String order, String key) {
        throw new IllegalArgumentException("'" + order + " " + key + "' is no order of this node.");
    }

    @Override
    void close();
}
