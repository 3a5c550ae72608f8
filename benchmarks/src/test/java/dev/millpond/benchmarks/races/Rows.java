package dev.millpond.benchmarks.races;

import org.jspecify.annotations.Nullable;

/** Rows of tables in tests. */
final class Rows {

    private Rows() {}

    static RaceRow row(String peer, int staleHere, int staleElsewhere, @Nullable StampedeOutcome stampede) {
        int stale = Math.max(staleHere, staleElsewhere);
        return new RaceRow(peer, "get; remove", "", new RaceOutcome(10, stale, staleHere, staleElsewhere, 0), stampede);
    }

    static StampedeOutcome stampede(int fewestLoads, int mostLoads) {
        return new StampedeOutcome(32, 3, fewestLoads, mostLoads, 1.25, 2);
    }
}
