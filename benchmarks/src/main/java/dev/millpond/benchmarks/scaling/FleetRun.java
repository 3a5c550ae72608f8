package dev.millpond.benchmarks.scaling;

import dev.millpond.benchmarks.measure.Metric;
import dev.millpond.benchmarks.measure.Sample;
import java.time.Duration;
import java.util.List;

/**
 * What all nodes of a fleet did together.
 *
 * @param operations how many
 * @param cpuNanos processor time of their processes
 * @param strays operations that were not what is measured
 * @param threads that worked
 * @param time for how long
 */
record FleetRun(long operations, double cpuNanos, long strays, int threads, Duration time) {

    /** Adds up the answers of nodes: operations, processor time and strays each. */
    static FleetRun of(List<String> answers, int threads, Duration time) {
        long operations = 0;
        double cpuNanos = 0;
        long strays = 0;
        for (String answer : answers) {
            String[] words = answer.split(" ", -1);
            operations += Long.parseLong(words[0]);
            cpuNanos += Double.parseDouble(words[1]);
            strays += Long.parseLong(words[2]);
        }
        return new FleetRun(operations, cpuNanos, strays, threads, time);
    }

    double perSecond() {
        return operations / (time.toNanos() / 1e9);
    }

    double nanosEach() {
        return (double) threads * time.toNanos() / operations;
    }

    /** Returns what is known of one operation from the nodes alone. */
    Sample sample() {
        return Sample.of(Metric.TIME, nanosEach())
                .with(Metric.RATE, perSecond())
                .with(Metric.CLIENT_CPU, cpuNanos / operations)
                .with(Metric.STRAYS, (double) strays / operations);
    }
}
