package dev.millpond.ratelimit.internal.nodes;

/** Knows among how many nodes a limit is divided while each limits by itself; thread-safe. */
public interface NodeCount extends AutoCloseable {

    /** Returns the number of nodes, at least 1, without waiting. */
    int nodes();

    /** Stops counting; the last number stays. */
    @Override
    void close();

    /** Returns a number that does not change. */
    static NodeCount of(int nodes) {
        return new Expected(nodes);
    }

    /** As many nodes as somebody said. */
    record Expected(int nodes) implements NodeCount {

        @Override
        public void close() {
            // Nobody counts.
        }
    }
}
