package dev.millpond.benchmarks.races;

import org.jspecify.annotations.Nullable;

/**
 * What one way to use one peer showed.
 *
 * @param peer the name of the peer
 * @param usage the way to use it
 * @param note what a reader should know of it
 * @param races what the stale-set races showed
 * @param stampede what the stampedes showed, or null if the row is not compared there
 */
record RaceRow(
        String peer,
        String usage,
        String note,
        RaceOutcome races,
        @Nullable StampedeOutcome stampede) {}
