package dev.millpond.benchmarks.scaling;

import dev.millpond.benchmarks.measure.Bench;
import dev.millpond.benchmarks.measure.Sample;
import dev.millpond.benchmarks.measure.Sampler;
import dev.millpond.testkit.RedisCluster;
import dev.millpond.testkit.RedisServer;
import io.lettuce.core.cluster.SlotHash;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One node at a Redis Cluster of three masters, of which some have all the keys.
 *
 * @param work what the node does
 * @param masters how many have keys
 */
record BusyMasters(NodeWork work, int masters) implements Sampler {

    private static final int KEYS = 3_000;
    private static final int THREADS = 8;
    private static final int CANDIDATES = 4 * KEYS; // of which a third or more are in the slots of the fewest masters

    @Override
    public Sample sample(String peer, Bench bench) throws Exception {
        RedisCluster cluster = RedisCluster.create();
        cluster.flush();
        List<RedisServer> all = cluster.masters();
        List<SlotRanges> chosen =
                all.stream().limit(masters).map(SlotRanges::of).toList();
        Path keys = Fleet.fileOf(keys(work, chosen));
        Path address = Files.writeString(Files.createTempFile("millpond-cluster", ".yaml"), cluster.redissonYaml());
        NodeSettings settings = new NodeSettings(address.toString(), keys.toString(), work, THREADS, 0, 0);
        try (Fleet fleet = new Fleet(bench.redis().url(), settings, 1)) {
            return FleetLoad.on(all, fleet).sample(bench.pace().warmUp(), bench.pace());
        } finally {
            Files.delete(keys);
            Files.delete(address);
        }
    }

    /** Returns keys of which what is stored is in one of these ranges. */
    static List<String> keys(NodeWork work, List<SlotRanges> ranges) {
        List<String> candidates =
                IntStream.range(0, CANDIDATES).mapToObj(CopiedEntries::key).toList();
        List<String> places = work.places(candidates);
        return IntStream.range(0, CANDIDATES)
                .filter(i -> ranges.stream().anyMatch(range -> range.contains(SlotHash.getSlot(places.get(i)))))
                .mapToObj(candidates::get)
                .limit(KEYS)
                .toList();
    }
}
