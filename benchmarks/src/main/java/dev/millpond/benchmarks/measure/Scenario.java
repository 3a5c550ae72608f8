package dev.millpond.benchmarks.measure;

import java.util.List;

/**
 * One situation in which peers are compared: a group of rows of a table.
 *
 * @param name a short name, by which it can be chosen
 * @param title what happens, for readers
 * @param sampler how it is measured
 * @param peers who is compared; ratios are those of the first one to each other
 * @param targets what the comparison should show
 */
public record Scenario(String name, String title, Sampler sampler, List<String> peers, List<Target> targets) {

    /** Keeps copies. */
    public Scenario {
        peers = List.copyOf(peers);
        targets = List.copyOf(targets);
    }
}
