package dev.millpond.benchmarks.scaling;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.benchmarks.measure.Bench;
import dev.millpond.benchmarks.measure.Comparison;
import dev.millpond.benchmarks.measure.Metric;
import dev.millpond.benchmarks.measure.RedisProbe;
import dev.millpond.benchmarks.measure.Sample;
import dev.millpond.benchmarks.measure.Sampler;
import dev.millpond.benchmarks.peers.Await;
import dev.millpond.benchmarks.peers.Machine;
import dev.millpond.benchmarks.peers.MillpondRegistries;
import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.LoadingCache;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Processes that share one Redis, read the same keys, and invalidate one with each hundredth operation; and then, with
 * nothing else to do, how soon all have seen an invalidation of another one.
 *
 * @param nodes how many there are
 */
record SharingNodes(int nodes) implements Sampler {

    private static final int KEYS = 1_000;
    private static final int LOCAL_SIZE = 10_000;
    private static final int INVALIDATIONS_PER_THOUSAND = 10;
    private static final int ROUNDS = 51;
    private static final Duration LOOK = Duration.ofMillis(500);

    @Override
    public Sample sample(String peer, Bench bench) throws Exception {
        EmptyRedis.of(bench.redis());
        String url = bench.redis().url();
        Path keys = Fleet.fileOf(
                IntStream.range(0, KEYS).mapToObj(CopiedEntries::key).toList());
        NodeSettings settings = new NodeSettings(url, keys.toString(), 1, LOCAL_SIZE, INVALIDATIONS_PER_THOUSAND);
        try (Fleet fleet = new Fleet(url, settings, nodes)) {
            return sample(fleet, new RedisProbe(url), bench).with(Metric.SEEN, seen(fleet, url));
        } finally {
            Files.delete(keys);
        }
    }

    /** Looks at what commands there are when all processes have been at work for a while. */
    private Sample sample(Fleet fleet, RedisProbe redis, Bench bench) throws Exception {
        fleet.askAll("keep " + CopiedEntries.key(0));
        Duration warmUp = warmUp(bench);
        fleet.sendAll("run " + warmUp.toMillis());
        Await.until(warmUp.dividedBy(2), () -> false);
        double share = redis.shareOfClients(LOOK);
        fleet.awaitAll();
        long calls = redis.calls();
        double cpu = redis.cpuNanos();
        FleetRun run = fleet.run(Fleet.measured(bench.pace()));
        return Sample.of(Metric.TIME, run.nanosEach())
                .with(Metric.RATE, run.perSecond())
                .with(Metric.COMMANDS, (redis.calls() - calls) * share / run.operations())
                .with(Metric.CLIENT_CPU, run.cpuNanos() / run.operations())
                .with(Metric.REDIS_CPU, (redis.cpuNanos() - cpu) / run.operations());
    }

    /** Returns longer for more nodes than processors: the compiler of each needs its time, which they share. */
    private Duration warmUp(Bench bench) {
        int processors = Runtime.getRuntime().availableProcessors();
        int turns = (nodes + processors - 1) / processors;
        return bench.pace().warmUp().multipliedBy(turns);
    }

    /** Returns the median of the times until the last node has seen that its copy is invalid. */
    private static double seen(Fleet fleet, String url) throws Exception {
        List<Long> times = new ArrayList<>();
        try (Machine machine = new Machine(url)) {
            CacheRegistry registry = MillpondRegistries.open(machine, CopiedEntries.NAMESPACE, CacheRegistry.builder());
            LoadingCache<String, String> cache =
                    registry.newCache("fleet", String.class).build((String key) -> "value of " + key);
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
