package dev.millpond.benchmarks.scaling;

import dev.millpond.benchmarks.measure.Bench;
import dev.millpond.benchmarks.measure.Metric;
import dev.millpond.benchmarks.measure.RedisProbe;
import dev.millpond.benchmarks.measure.Sample;
import dev.millpond.benchmarks.measure.Sampler;
import dev.millpond.testkit.RedisCluster;
import dev.millpond.testkit.RedisServer;
import io.lettuce.core.cluster.SlotHash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One node that reads from a Redis Cluster of three masters, of which some have all the keys.
 *
 * @param masters how many have keys
 */
record BusyMasters(int masters) implements Sampler {

    private static final int KEYS = 3_000;
    private static final int THREADS = 8;
    private static final String PREFIX = CopiedEntries.NAMESPACE + ":fleet:";

    @Override
    public Sample sample(String peer, Bench bench) throws Exception {
        RedisCluster cluster = RedisCluster.create();
        cluster.flush();
        List<RedisServer> all = cluster.masters();
        List<SlotRanges> chosen =
                all.stream().limit(masters).map(SlotRanges::of).toList();
        Path keys = Fleet.fileOf(keys(chosen, KEYS));
        Path address = Files.writeString(Files.createTempFile("millpond-cluster", ".yaml"), cluster.redissonYaml());
        NodeSettings settings = new NodeSettings(address.toString(), keys.toString(), THREADS, 0, 0);
        try (Fleet fleet = new Fleet(bench.redis().url(), settings, 1)) {
            fleet.run(bench.pace().warmUp());
            return sample(
                    fleet,
                    all.stream().map(master -> new RedisProbe(master.url())).toList(),
                    bench);
        } finally {
            Files.delete(keys);
            Files.delete(address);
        }
    }

    /** Returns keys whose entries are in one of these ranges. */
    static List<String> keys(List<SlotRanges> ranges, int count) {
        return Stream.iterate(0, i -> i + 1)
                .map(CopiedEntries::key)
                .filter(key -> ranges.stream().anyMatch(range -> range.contains(SlotHash.getSlot(PREFIX + key))))
                .limit(count)
                .toList();
    }

    private static Sample sample(Fleet fleet, List<RedisProbe> probes, Bench bench) throws IOException {
        List<Long> callsBefore = calls(probes);
        double cpuBefore = cpu(probes);
        FleetRun run = fleet.run(Fleet.measured(bench.pace()));
        double cpu = cpu(probes) - cpuBefore;
        List<Long> callsAfter = calls(probes);
        long[] calls = IntStream.range(0, probes.size())
                .mapToLong(i -> callsAfter.get(i) - callsBefore.get(i))
                .toArray();
        return Sample.of(Metric.TIME, run.nanosEach())
                .with(Metric.RATE, run.perSecond())
                .with(
                        Metric.COMMANDS,
                        (double) IntStream.range(0, calls.length)
                                        .mapToLong(i -> calls[i])
                                        .sum()
                                / run.operations())
                .with(
                        Metric.BUSIEST,
                        (double) IntStream.range(0, calls.length)
                                        .mapToLong(i -> calls[i])
                                        .max()
                                        .orElse(0)
                                / run.operations())
                .with(Metric.CLIENT_CPU, run.cpuNanos() / run.operations())
                .with(Metric.REDIS_CPU, cpu / run.operations());
    }

    private static List<Long> calls(List<RedisProbe> probes) throws IOException {
        List<Long> calls = new ArrayList<>();
        for (RedisProbe probe : probes) {
            calls.add(probe.calls());
        }
        return calls;
    }

    private static double cpu(List<RedisProbe> probes) throws IOException {
        double nanos = 0;
        for (RedisProbe probe : probes) {
            nanos += probe.cpuNanos();
        }
        return nanos;
    }
}
