package dev.millpond.benchmarks.scaling;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.benchmarks.measure.Bench;
import dev.millpond.benchmarks.measure.Comparison;
import dev.millpond.benchmarks.measure.Metric;
import dev.millpond.benchmarks.measure.Sample;
import dev.millpond.benchmarks.measure.Sampler;
import dev.millpond.benchmarks.peers.Machine;
import dev.millpond.benchmarks.peers.MillpondRegistries;
import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.LoadingCache;
import java.util.ArrayList;
import java.util.List;

/**
 * Nodes that read the same keys, and invalidate one with each hundredth operation; and then, with nothing else to do,
 * how soon all have seen an invalidation of another one.
 *
 * @param nodes how many there are
 */
record SharingNodes(int nodes) implements Sampler {

    private static final int KEYS = 1_000;
    private static final int LOCAL_SIZE = 10_000;
    private static final int INVALIDATIONS_PER_THOUSAND = 10;
    private static final int ROUNDS = 51;

    @Override
    public Sample sample(String peer, Bench bench) throws Exception {
        BusyNodes all = new BusyNodes(NodeWork.READS, nodes, KEYS, LOCAL_SIZE, INVALIDATIONS_PER_THOUSAND);
        return all.sample(bench, fleet -> {
            fleet.askAll("keep " + CopiedEntries.key(0));
            return all.atWork(fleet, bench)
                    .with(Metric.SEEN, seen(fleet, bench.redis().url()));
        });
    }

    /** Returns the median of the times until the last node has seen that its copy is invalid. */
    private static double seen(Fleet fleet, String url) throws Exception {
        List<Long> times = new ArrayList<>();
        try (Machine machine = new Machine(url)) {
            CacheRegistry registry = MillpondRegistries.open(machine, CopiedEntries.NAMESPACE, CacheRegistry.builder());
            LoadingCache<String, String> cache =
                    registry.newCache(NodeReads.CACHE, String.class).build((String key) -> "value of " + key);
            for (int i = 0; i < (Comparison.smoke() ? 1 : ROUNDS); i++) {
                fleet.askAll("keep seen-" + i);
                fleet.sendAll("miss seen-" + i);
                long begunAt = Ticker.systemTicker().read();
                cache.invalidate("seen-" + i);
                fleet.awaitAll();
                times.add(Ticker.systemTicker().read() - begunAt);
            }
        }
        return times.stream().sorted().toList().get(times.size() / 2);
    }
}
