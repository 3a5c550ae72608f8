package dev.millpond.benchmarks.reads;

import dev.millpond.benchmarks.measure.Turn;
import dev.millpond.benchmarks.peers.Machine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.annotations.Benchmark;

/** Hits in Redis. */
public class RedisReads extends ReadBenchmark {

    @Override
    ProductCache opened(Machine on) throws Exception {
        return RedisPeers.open(peer, on, names);
    }

    /** One hit. */
    @Benchmark
    public Product get(Turn turn) {
        return read(turn.next());
    }

    /** As many hits by one call as a batch has, fewer if keys come twice. */
    @Benchmark
    public Map<String, Product> getAll(Turn turn) {
        List<String> wanted = new ArrayList<>(batch);
        for (int i = 0; i < batch; i++) {
            wanted.add(names.get(turn.next()));
        }
        Map<String, Product> products = cache.getAll(wanted);
        for (String key : wanted) {
            require(key, products.get(key));
        }
        return products;
    }
}
