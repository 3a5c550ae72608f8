package dev.millpond.cache.oracle;

/**
 * One broken promise.
 *
 * @param promise which one
 * @param what what happened
 */
record Violation(Promise promise, String what) {

    enum Promise {
        /** No read misses an invalidation that completed more than the bound ago. */
        BOUND,
        /** No read of a strict cache misses an invalidation that was complete before it began. */
        STRICT,
        /** No read misses an invalidation that has returned on its own node. */
        OWN_WRITES,
        /** Nothing throws because of Redis. */
        NO_FAILURE,
        /** No answer is of a version that was never committed. */
        NO_INVENTION,
        /** Once faults and changes have ended, all nodes read the newest version of everything. */
        CONVERGENCE
    }

    @Override
    public String toString() {
        return promise + ": " + what;
    }
}
