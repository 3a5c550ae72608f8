package dev.millpond.benchmarks.scaling;

import dev.millpond.benchmarks.measure.Metric;
import dev.millpond.benchmarks.measure.Pace;
import dev.millpond.benchmarks.measure.RedisProbe;
import dev.millpond.benchmarks.measure.Sample;
import dev.millpond.benchmarks.peers.Await;
import dev.millpond.testkit.RedisServer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.stream.IntStream;

/**
 * Nodes that are all at work, and what they cost the servers that they share.
 *
 * @param fleet the nodes
 * @param servers where their keys are: on the first in any case
 */
record FleetLoad(Fleet fleet, List<RedisProbe> servers) {

    private static final Duration LOOK = Duration.ofMillis(500);

    static FleetLoad on(List<RedisServer> servers, Fleet fleet) {
        return new FleetLoad(
                fleet,
                servers.stream().map(server -> new RedisProbe(server.url())).toList());
    }

    /** Looks at what commands there are when all nodes have been at work for a while, and measures after it. */
    Sample sample(Duration warmUp, Pace pace) throws Exception {
        var unused = fleet.run(Duration.ZERO); // which returns when all are there
        fleet.sendAll("run " + warmUp.toMillis());
        Await.until(warmUp.dividedBy(2), () -> false);
        double share = servers.get(0).shareOfClients(LOOK);
        fleet.awaitAll();
        List<Long> callsBefore = calls();
        double cpuBefore = cpuNanos();
        FleetRun run = fleet.run(pace.iteration().multipliedBy(pace.iterations()));
        double cpu = cpuNanos() - cpuBefore;
        List<Long> callsAfter = calls();
        LongSummaryStatistics calls = IntStream.range(0, servers.size())
                .mapToLong(i -> callsAfter.get(i) - callsBefore.get(i))
                .summaryStatistics();
        Sample sample = run.sample()
                .with(Metric.COMMANDS, calls.getSum() * share / run.operations())
                .with(Metric.REDIS_CPU, cpu / run.operations());
        return servers.size() == 1 ? sample : sample.with(Metric.BUSIEST, calls.getMax() * share / run.operations());
    }

    private List<Long> calls() throws IOException {
        List<Long> calls = new ArrayList<>();
        for (RedisProbe server : servers) {
            calls.add(server.calls());
        }
        return calls;
    }

    private double cpuNanos() throws IOException {
        double nanos = 0;
        for (RedisProbe server : servers) {
            nanos += server.cpuNanos();
        }
        return nanos;
    }
}
