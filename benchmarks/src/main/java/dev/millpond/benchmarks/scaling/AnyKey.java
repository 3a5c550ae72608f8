package dev.millpond.benchmarks.scaling;

import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.ThreadParams;

/** Which key a thread takes next: at random among all, however many, by a multiplication. */
@State(Scope.Thread)
public class AnyKey {

    private static final long FACTOR = 6_364_136_223_846_793_005L;
    private static final long SUMMAND = 1_442_695_040_888_963_407L;
    private static final int BITS = 31;

    private long seed;

    /** Lets each thread take others. */
    @Setup
    public void begin(ThreadParams thread) {
        begin(thread.getThreadIndex());
    }

    void begin(int thread) {
        seed = thread + 1L;
    }

    /** Returns the place of the next key among so many. */
    public int next(int keys) {
        seed = seed * FACTOR + SUMMAND;
        return (int) (((seed >>> (Long.SIZE - BITS)) * keys) >>> BITS);
    }
}
