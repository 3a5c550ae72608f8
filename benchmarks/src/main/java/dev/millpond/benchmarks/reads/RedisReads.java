package dev.millpond.benchmarks.reads;

import dev.millpond.benchmarks.measure.Turn;
import dev.millpond.benchmarks.peers.Machine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.annotations.Benchmark;

/** Hits in Redis. */
public class RedisReads extends ReadBenchmark {

    private static final int MANY = 100;

    @Override
    ProductCache opened(Machine on) throws Exception {
        return RedisPeers.open(peer, on, names);
    }

    /** One hit. */
    @Benchmark
    public Product get(Turn turn) {
        return read(turn.next());
    }

    /** Up to 100 hits by one call; keys that come twice count once. */
    @Benchmark
    public Map<String, Product> getAll(Turn turn) {
        List<String> wanted = new ArrayList<>(MANY);
        for (int i = 0; i < MANY; i++) {
            wanted.add(names.get(turn.next()));
        }
        return cache.getAll(wanted);
    }
}
