package dev.millpond.benchmarks.races;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What one peer showed in all its rows.
 *
 * @param peer the name of the peer
 * @param stale in how many races it was stale
 * @param races how many there were
 * @param loads the loads in its worst stampede
 * @param callers the callers of a stampede
 */
record Verdict(String peer, int stale, int races, int loads, int callers) {

    static Verdict of(List<RaceRow> rows, String peer) {
        List<RaceRow> own = rows.stream().filter(row -> row.peer().equals(peer)).toList();
        RaceOutcome races = own.stream().map(RaceRow::races).reduce(RaceOutcome.NONE, RaceOutcome::plus);
        List<StampedeOutcome> stampedes =
                own.stream().map(RaceRow::stampede).flatMap(Stream::ofNullable).toList();
        return new Verdict(
                peer,
                races.stale(),
                races.races(),
                stampedes.stream().mapToInt(StampedeOutcome::mostLoads).max().orElse(0),
                stampedes.stream().mapToInt(StampedeOutcome::callers).max().orElse(0));
    }

    /** Tells whether no race left a stale value and no stampede needed more than one load. */
    boolean good() {
        return races > 0 && stale == 0 && loads == 1;
    }

    String line() {
        return peer.toLowerCase(Locale.ROOT) + ": stale " + stale + " of " + races + " races, loads " + loads + " of "
                + callers + " callers";
    }
}
