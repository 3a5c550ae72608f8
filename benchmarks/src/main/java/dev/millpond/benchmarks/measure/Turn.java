package dev.millpond.benchmarks.measure;

import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.ThreadParams;

/** Which key a thread takes next: at random, but in an order made before, so that it costs next to nothing. */
@State(Scope.Thread)
public class Turn {

    private static final int LENGTH = 1 << 14;

    private final int[] order = new int[LENGTH];
    private int place;

    /** Makes the order; the benchmark has the number of keys as its parameter "keys". */
    @Setup
    public void shuffle(BenchmarkParams benchmark, ThreadParams thread) {
        int keys = Integer.parseInt(benchmark.getParam("keys"));
        SplittableRandom random = new SplittableRandom(thread.getThreadIndex());
        for (int i = 0; i < LENGTH; i++) {
            order[i] = random.nextInt(keys);
        }
    }

    /** Returns the place of the next key among all. */
    public int next() {
        place = (place + 1) & (LENGTH - 1);
        return order[place];
    }
}
