package dev.millpond.benchmarks.scaling;

import dev.millpond.benchmarks.measure.Bench;
import dev.millpond.benchmarks.measure.Sample;
import dev.millpond.benchmarks.measure.Sampler;

/**
 * Nodes that decide about requests of the same clients.
 *
 * @param nodes how many there are
 */
record DecidingNodes(int nodes) implements Sampler {

    private static final int CLIENTS = 10_000;

    @Override
    public Sample sample(String peer, Bench bench) throws Exception {
        BusyNodes all = new BusyNodes(NodeWork.DECISIONS, nodes, CLIENTS, 0, 0);
        return all.sample(bench, fleet -> all.atWork(fleet, bench));
    }
}
