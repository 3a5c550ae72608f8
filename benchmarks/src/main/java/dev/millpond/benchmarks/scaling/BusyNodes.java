package dev.millpond.benchmarks.scaling;

import dev.millpond.benchmarks.measure.Bench;
import dev.millpond.benchmarks.measure.Sample;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Nodes that share one Redis and are at work at the same time, each a process with one thread.
 *
 * @param work what they do
 * @param nodes how many there are
 * @param keys of how many keys
 * @param localSize how many entries each keeps in the process
 * @param invalidationsPerThousand how many of a thousand operations invalidate a key
 */
record BusyNodes(NodeWork work, int nodes, int keys, int localSize, int invalidationsPerThousand) {

    /** Starts the nodes, on an empty Redis, and returns what the measurement says of them. */
    Sample sample(Bench bench, Measurement measurement) throws Exception {
        EmptyRedis.of(bench.redis());
        String url = bench.redis().url();
        Path file = Fleet.fileOf(
                IntStream.range(0, keys).mapToObj(CopiedEntries::key).toList());
        NodeSettings settings = new NodeSettings(url, file.toString(), work, 1, localSize, invalidationsPerThousand);
        try (Fleet fleet = new Fleet(url, settings, nodes)) {
            return measurement.of(fleet);
        } finally {
            Files.delete(file);
        }
    }

    /** Measures them all at work. */
    Sample atWork(Fleet fleet, Bench bench) throws Exception {
        return FleetLoad.on(List.of(bench.redis()), fleet).sample(warmUp(bench), bench.pace());
    }

    /** Returns longer for more nodes than processors: the compiler of each needs its time, which they share. */
    private Duration warmUp(Bench bench) {
        int processors = Runtime.getRuntime().availableProcessors();
        int turns = (nodes + processors - 1) / processors;
        return bench.pace().warmUp().multipliedBy(turns);
    }

    /** What is done with the nodes. */
    interface Measurement {

        Sample of(Fleet fleet) throws Exception;
    }
}
