package dev.millpond.benchmarks.reads;

import dev.millpond.benchmarks.measure.Turn;
import dev.millpond.benchmarks.peers.Machine;
import org.openjdk.jmh.annotations.Benchmark;

/** Hits in the process. */
public class MemoryReads extends ReadBenchmark {

    @Override
    ProductCache opened(Machine on) throws Exception {
        return MemoryPeers.open(peer, on, names);
    }

    /** One hit. */
    @Benchmark
    public Product get(Turn turn) {
        return read(turn.next());
    }
}
