package dev.millpond.benchmarks.scaling;

import java.time.Duration;
import java.util.List;

/**
 * What all nodes of a fleet did together.
 *
 * @param operations how many
 * @param cpuNanos processor time of their processes
 * @param threads that worked
 * @param time for how long
 */
record FleetRun(long operations, double cpuNanos, int threads, Duration time) {

    /** Adds up the answers of nodes: operations and processor time each. */
    static FleetRun of(List<String> answers, int threads, Duration time) {
        long operations = 0;
        double cpuNanos = 0;
        for (String answer : answers) {
            String[] words = answer.split(" ", -1);
            operations += Long.parseLong(words[0]);
            cpuNanos += Double.parseDouble(words[1]);
        }
        return new FleetRun(operations, cpuNanos, threads, time);
    }

    double perSecond() {
        return operations / (time.toNanos() / 1e9);
    }

    double nanosEach() {
        return (double) threads * time.toNanos() / operations;
    }
}
